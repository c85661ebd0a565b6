using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Packages;

namespace Lambent.Storage.Documents;

internal sealed class PackageDocument
{
    public required string Digest { get; set; }

    public required long SizeBytes { get; set; }

    public long? UnzippedBytes { get; set; }

    public static PackageDocument From(PackageReference package) => new()
    {
        Digest = package.Digest,
        SizeBytes = package.SizeBytes,
        UnzippedBytes = package.UnzippedBytes,
    };

    public PackageReference ToPackage() => new(RepeatedText.Share(Digest), SizeBytes) { UnzippedBytes = UnzippedBytes };
}

internal sealed class BlobDocument
{
    public required string Account { get; set; }

    public required string Bucket { get; set; }

    public required string Key { get; set; }

    public required PackageDocument Content { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public static BlobDocument From(Blob blob) => new()
    {
        Account = blob.Account.Value,
        Bucket = blob.Bucket,
        Key = blob.Key,
        Content = PackageDocument.From(blob.Content),
        CreatedAt = blob.CreatedAt,
    };

    public Blob ToBlob() => new()
    {
        Account = AccountId.Parse(Account),
        Bucket = Bucket,
        Key = Key,
        Content = Content.ToPackage(),
        CreatedAt = CreatedAt,
    };
}

internal static class ImmutableArrays
{
    /// <summary>An array that was never set counts as an empty one.</summary>
    public static T[] ToPlainArray<T>(this ImmutableArray<T> items) => items.IsDefault ? [] : [.. items];
}
