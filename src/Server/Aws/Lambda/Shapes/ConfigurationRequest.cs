using System.Text.Json;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>The members that CreateFunction and UpdateFunctionConfiguration have in common.</summary>
internal abstract record ConfigurationRequest
{
    public string? Runtime { get; init; }

    public string? Role { get; init; }

    public string? Handler { get; init; }

    public string? Description { get; init; }

    public int? Timeout { get; init; }

    public int? MemorySize { get; init; }

    public EnvironmentShape? Environment { get; init; }

    public DeadLetterConfigShape? DeadLetterConfig { get; init; }

    public TracingConfigShape? TracingConfig { get; init; }

    public IReadOnlyList<string?>? Layers { get; init; }

    public EphemeralStorageShape? EphemeralStorage { get; init; }

    public SnapStartShape? SnapStart { get; init; }

    public LoggingConfigShape? LoggingConfig { get; init; }

    // What this server cannot do, read to be refused: see UnsupportedMembers.
    public VpcConfigShape? VpcConfig { get; init; }

    public IReadOnlyList<JsonElement>? FileSystemConfigs { get; init; }

    public ImageConfigShape? ImageConfig { get; init; }

    public string? KMSKeyArn { get; init; }

    public JsonElement? CapacityProviderConfig { get; init; }

    public JsonElement? DurableConfig { get; init; }
}

internal sealed record VpcConfigShape
{
    public IReadOnlyList<string?>? SubnetIds { get; init; }

    public IReadOnlyList<string?>? SecurityGroupIds { get; init; }

    public bool? Ipv6AllowedForDualStack { get; init; }
}

internal sealed record ImageConfigShape
{
    public IReadOnlyList<string?>? EntryPoint { get; init; }

    public IReadOnlyList<string?>? Command { get; init; }

    public string? WorkingDirectory { get; init; }
}
