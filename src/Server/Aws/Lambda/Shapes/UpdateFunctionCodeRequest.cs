namespace Lambent.Server.Aws.Lambda.Shapes;

internal sealed record UpdateFunctionCodeRequest
{
    public byte[]? ZipFile { get; init; }

    public string? S3Bucket { get; init; }

    public string? S3Key { get; init; }

    public string? S3ObjectVersion { get; init; }

    public string? ImageUri { get; init; }

    public bool? Publish { get; init; }

    public bool? DryRun { get; init; }

    public string? RevisionId { get; init; }

    public IReadOnlyList<string?>? Architectures { get; init; }

    public string? SourceKMSKeyArn { get; init; }

    public string? PublishTo { get; init; }
}
