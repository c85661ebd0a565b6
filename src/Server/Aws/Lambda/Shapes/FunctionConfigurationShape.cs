namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>FunctionConfiguration of the API: what most operations answer. Absent members are null.</summary>
internal sealed record FunctionConfigurationShape
{
    public required string FunctionName { get; init; }

    public required string FunctionArn { get; init; }

    public string? Runtime { get; init; }

    public string? Role { get; init; }

    public string? Handler { get; init; }

    public long CodeSize { get; init; }

    public string? Description { get; init; }

    public int Timeout { get; init; }

    public int MemorySize { get; init; }

    public string? LastModified { get; init; }

    public string? CodeSha256 { get; init; }

    public string? Version { get; init; }

    public DeadLetterConfigShape? DeadLetterConfig { get; init; }

    public EnvironmentShape? Environment { get; init; }

    public TracingConfigShape? TracingConfig { get; init; }

    public string? RevisionId { get; init; }

    public IReadOnlyList<LayerUseShape>? Layers { get; init; }

    public string? State { get; init; }

    public string? StateReason { get; init; }

    public string? StateReasonCode { get; init; }

    public string? LastUpdateStatus { get; init; }

    public string? LastUpdateStatusReason { get; init; }

    public string? LastUpdateStatusReasonCode { get; init; }

    public string? PackageType { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public EphemeralStorageShape? EphemeralStorage { get; init; }

    public SnapStartShape? SnapStart { get; init; }

    public RuntimeVersionConfigShape? RuntimeVersionConfig { get; init; }

    public LoggingConfigShape? LoggingConfig { get; init; }
}

internal sealed record DeadLetterConfigShape
{
    public string? TargetArn { get; init; }
}

internal sealed record EnvironmentShape
{
    public IReadOnlyDictionary<string, string?>? Variables { get; init; }
}

internal sealed record TracingConfigShape
{
    public string? Mode { get; init; }
}

/// <summary>Layer of the API: a layer version that a function uses.</summary>
internal sealed record LayerUseShape(string Arn, long CodeSize);

internal sealed record EphemeralStorageShape
{
    public int? Size { get; init; }
}

internal sealed record SnapStartShape
{
    public string? ApplyOn { get; init; }

    /// <summary>Only in answers.</summary>
    public string? OptimizationStatus { get; init; }
}

internal sealed record RuntimeVersionConfigShape(string RuntimeVersionArn);

internal sealed record LoggingConfigShape
{
    public string? LogFormat { get; init; }

    public string? ApplicationLogLevel { get; init; }

    public string? SystemLogLevel { get; init; }

    public string? LogGroup { get; init; }
}
