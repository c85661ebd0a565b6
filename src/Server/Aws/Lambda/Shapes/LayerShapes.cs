using Lambent.Kernel.Functions;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>Writes layer versions as the API shows them.</summary>
internal sealed class LayerShapes(FunctionArns arns)
{
    /// <summary>A layer version with where its files can be downloaded.</summary>
    public LayerVersionShape Version(LayerVersion layer, Uri location) => new()
    {
        Content = new LayerContentShape
        {
            Location = location.AbsoluteUri,
            CodeSha256 = layer.Content.Sha256Base64,
            CodeSize = layer.Content.SizeBytes,
        },
        LayerArn = arns.Layer(layer.Account, layer.Name),
        LayerVersionArn = arns.Layer(layer.Account, layer.Name, layer.Version),
        Description = layer.Description,
        CreatedDate = Timestamps.Text(layer.CreatedAt),
        Version = layer.Version,
        CompatibleRuntimes = NullIfEmpty(layer.CompatibleRuntimes),
        CompatibleArchitectures = NullIfEmpty(layer.CompatibleArchitectures),
        LicenseInfo = layer.LicenseInfo,
    };

    /// <summary>A layer version as the List operations show it: without its content.</summary>
    public LayerVersionItemShape Item(LayerVersion layer) => new()
    {
        LayerVersionArn = arns.Layer(layer.Account, layer.Name, layer.Version),
        Version = layer.Version,
        Description = layer.Description,
        CreatedDate = Timestamps.Text(layer.CreatedAt),
        CompatibleRuntimes = NullIfEmpty(layer.CompatibleRuntimes),
        CompatibleArchitectures = NullIfEmpty(layer.CompatibleArchitectures),
        LicenseInfo = layer.LicenseInfo,
    };

    public LayerItemShape Layer(LayerVersion newest) => new()
    {
        LayerName = newest.Name,
        LayerArn = arns.Layer(newest.Account, newest.Name),
        LatestMatchingVersion = Item(newest),
    };

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : list;
}

/// <summary>PublishLayerVersionResponse and GetLayerVersionResponse of the API.</summary>
internal sealed record LayerVersionShape
{
    public required LayerContentShape Content { get; init; }

    public required string LayerArn { get; init; }

    public required string LayerVersionArn { get; init; }

    public required string Description { get; init; }

    public required string CreatedDate { get; init; }

    public required long Version { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }

    public string? LicenseInfo { get; init; }
}

internal sealed record LayerContentShape
{
    public required string Location { get; init; }

    public required string CodeSha256 { get; init; }

    public required long CodeSize { get; init; }
}

internal sealed record LayerVersionItemShape
{
    public required string LayerVersionArn { get; init; }

    public required long Version { get; init; }

    public required string Description { get; init; }

    public required string CreatedDate { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }

    public string? LicenseInfo { get; init; }
}

internal sealed record LayerItemShape
{
    public required string LayerName { get; init; }

    public required string LayerArn { get; init; }

    public required LayerVersionItemShape LatestMatchingVersion { get; init; }
}
