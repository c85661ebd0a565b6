using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

// The shapes of the Lambda API that the verbs use, with the API's own names; what is not needed is not read.

internal sealed record FunctionConfiguration
{
    public string FunctionName { get; init; } = "";

    public string FunctionArn { get; init; } = "";

    public string? Runtime { get; init; }

    public string? Handler { get; init; }

    public int MemorySize { get; init; }

    public int Timeout { get; init; }

    public long CodeSize { get; init; }

    public string? CodeSha256 { get; init; }

    public string? Version { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }

    public string? State { get; init; }

    public string? StateReason { get; init; }

    public string? StateReasonCode { get; init; }

    public string? LastUpdateStatus { get; init; }

    public string? LastUpdateStatusReason { get; init; }

    public string? LastModified { get; init; }

    public FunctionVariables? Environment { get; init; }

    public List<LayerUse>? Layers { get; init; }
}

internal sealed record FunctionVariables
{
    public Dictionary<string, string>? Variables { get; init; }
}

internal sealed record LayerUse
{
    public string Arn { get; init; } = "";
}

internal sealed record ReservedConcurrency
{
    public int? ReservedConcurrentExecutions { get; init; }
}

internal sealed record EventInvokeConfiguration
{
    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public EventDestinations? DestinationConfig { get; init; }
}

internal sealed record EventDestinations
{
    public EventDestination? OnSuccess { get; init; }

    public EventDestination? OnFailure { get; init; }
}

internal sealed record EventDestination
{
    /// <summary>An ARN; empty for none.</summary>
    public string? Destination { get; init; }
}

internal sealed record GetFunctionAnswer
{
    public FunctionConfiguration Configuration { get; init; } = new();

    public Dictionary<string, string>? Tags { get; init; }

    public ReservedConcurrency? Concurrency { get; init; }
}

internal sealed record ListFunctionsAnswer
{
    public List<FunctionConfiguration> Functions { get; init; } = [];

    public string? NextMarker { get; init; }
}

internal sealed record ListVersionsAnswer
{
    public List<FunctionConfiguration> Versions { get; init; } = [];

    public string? NextMarker { get; init; }
}

internal sealed record AliasConfiguration
{
    public string Name { get; init; } = "";

    public string FunctionVersion { get; init; } = "";

    public string? Description { get; init; }

    public AliasRouting? RoutingConfig { get; init; }
}

internal sealed record AliasRouting
{
    public Dictionary<string, double>? AdditionalVersionWeights { get; init; }
}

internal sealed record ListAliasesAnswer
{
    public List<AliasConfiguration> Aliases { get; init; } = [];

    public string? NextMarker { get; init; }
}

internal sealed record LayerEntry
{
    public string LayerName { get; init; } = "";

    public string LayerArn { get; init; } = "";

    public LayerVersionEntry? LatestMatchingVersion { get; init; }
}

internal sealed record LayerVersionEntry
{
    public string LayerVersionArn { get; init; } = "";

    public long Version { get; init; }

    public string? CreatedDate { get; init; }

    public List<string>? CompatibleRuntimes { get; init; }
}

internal sealed record ListLayersAnswer
{
    public List<LayerEntry> Layers { get; init; } = [];

    public string? NextMarker { get; init; }
}

internal sealed record FunctionUrlConfiguration
{
    public string FunctionUrl { get; init; } = "";

    public string AuthType { get; init; } = "";
}

internal sealed record FunctionCode
{
    public byte[]? ZipFile { get; init; }
}

internal sealed record CreateFunctionCall
{
    public required string FunctionName { get; init; }

    public required string Runtime { get; init; }

    public required string Role { get; init; }

    public required string Handler { get; init; }

    public required FunctionCode Code { get; init; }

    public int? Timeout { get; init; }

    public int? MemorySize { get; init; }

    public FunctionVariables? Environment { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

internal sealed record UpdateCodeCall
{
    public required byte[] ZipFile { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record UpdateConfigurationCall
{
    public string? Runtime { get; init; }

    public string? Handler { get; init; }

    public int? Timeout { get; init; }

    public int? MemorySize { get; init; }

    public FunctionVariables? Environment { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record TagCall
{
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}

internal sealed record CreateUrlCall
{
    public required string AuthType { get; init; }
}

internal sealed record AddPermissionCall
{
    public required string StatementId { get; init; }

    public required string Action { get; init; }

    public required string Principal { get; init; }

    public string? FunctionUrlAuthType { get; init; }

    public bool? InvokedViaFunctionUrl { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FunctionConfiguration))]
[JsonSerializable(typeof(ReservedConcurrency))]
[JsonSerializable(typeof(EventInvokeConfiguration))]
[JsonSerializable(typeof(GetFunctionAnswer))]
[JsonSerializable(typeof(ListFunctionsAnswer))]
[JsonSerializable(typeof(ListVersionsAnswer))]
[JsonSerializable(typeof(ListAliasesAnswer))]
[JsonSerializable(typeof(ListLayersAnswer))]
[JsonSerializable(typeof(FunctionUrlConfiguration))]
[JsonSerializable(typeof(CreateFunctionCall))]
[JsonSerializable(typeof(UpdateCodeCall))]
[JsonSerializable(typeof(UpdateConfigurationCall))]
[JsonSerializable(typeof(TagCall))]
[JsonSerializable(typeof(CreateUrlCall))]
[JsonSerializable(typeof(AddPermissionCall))]
internal sealed partial class LambdaJson : JsonSerializerContext;
