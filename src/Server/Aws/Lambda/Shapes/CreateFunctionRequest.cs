using System.Text.Json;

namespace Lambent.Server.Aws.Lambda.Shapes;

internal sealed record CreateFunctionRequest : ConfigurationRequest
{
    public string? FunctionName { get; init; }

    public FunctionCodeShape? Code { get; init; }

    public bool? Publish { get; init; }

    public string? PackageType { get; init; }

    public IReadOnlyList<string?>? Architectures { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    public string? CodeSigningConfigArn { get; init; }

    public string? PublishTo { get; init; }

    public JsonElement? TenancyConfig { get; init; }
}

/// <summary>FunctionCode and LayerVersionContentInput of the API: where a zip file is.</summary>
internal sealed record FunctionCodeShape
{
    public byte[]? ZipFile { get; init; }

    public string? S3Bucket { get; init; }

    public string? S3Key { get; init; }

    public string? S3ObjectVersion { get; init; }

    public string? ImageUri { get; init; }

    public string? SourceKMSKeyArn { get; init; }
}
