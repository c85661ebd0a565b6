using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Packages;

namespace Lambent.Kernel.Functions;

/// <summary>One published version of a layer: files that appear under /opt.</summary>
public sealed record LayerVersion
{
    public required AccountId Account { get; init; }

    public required string Name { get; init; }

    public required long Version { get; init; }

    public required PackageReference Content { get; init; }

    public string Description { get; init; } = "";

    public string? LicenseInfo { get; init; }

    public ImmutableArray<string> CompatibleRuntimes { get; init; } = [];

    public ImmutableArray<string> CompatibleArchitectures { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public ResourcePolicy? Policy { get; init; }
}

/// <summary>A function's use of a layer version, resolved when the function was configured.</summary>
/// <param name="Arn">arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION.</param>
/// <param name="Content">The layer's files; they stay although the layer version may be deleted.</param>
public sealed record LayerReference(string Arn, PackageReference Content);

public interface ILayerTable
{
    LayerVersion? Get(AccountId account, string name, long version);

    void Put(LayerVersion layer);

    void Delete(AccountId account, string name, long version);

    /// <summary>Reserves and returns the next version number of the layer; numbers are never used again.</summary>
    long NextVersion(AccountId account, string name);

    /// <summary>Newest version first.</summary>
    IReadOnlyList<LayerVersion> ListVersions(AccountId account, string name, long? beforeVersion, int limit);

    /// <summary>The newest version of each layer, by name.</summary>
    IReadOnlyList<LayerVersion> ListNewest(AccountId account, string? afterName, int limit);

    /// <summary>Every layer version of every account, for finding out which packages are in use.</summary>
    IEnumerable<LayerVersion> All();
}
