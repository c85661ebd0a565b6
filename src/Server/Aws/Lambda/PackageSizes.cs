using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// Finds out the unpacked sizes that records of an earlier program lack, before a transaction, in which nothing is
/// read from files.
/// </summary>
internal static class PackageSizes
{
    public static async Task<UnzippedSize> MeasureAsync(
        LambdaServices services, IEnumerable<PackageReference> packages, CancellationToken cancellation)
    {
        var measured = ImmutableDictionary.CreateBuilder<string, long>();
        foreach (var package in packages.Where(package => package.UnzippedBytes is null).Distinct())
        {
            measured[package.Digest] = (await services.Packages.MeasureAsync(package, cancellation)).UnzippedBytes ?? 0;
        }

        return new UnzippedSize(measured.ToImmutable());
    }

    /// <summary>The packages of those layers that exist; the transaction refuses the others.</summary>
    public static IEnumerable<PackageReference> Layers(LambdaServices services, IReadOnlyList<string> arns) =>
        services.Store.Read(transaction => arns
            .Select(text => LayerArn.TryParse(text, out var arn) && arn.Version is { } version
                ? transaction.Layers.Get(arn.Account, arn.Name, version)?.Content
                : null)
            .OfType<PackageReference>()
            .ToList());
}
