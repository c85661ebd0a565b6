using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel.Mappings;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>CreateEventSourceMappingRequest and UpdateEventSourceMappingRequest of the API.</summary>
internal sealed record MappingRequest
{
    public string? EventSourceArn { get; init; }

    public string? FunctionName { get; init; }

    public bool? Enabled { get; init; }

    public int? BatchSize { get; init; }

    public int? MaximumBatchingWindowInSeconds { get; init; }

    public FilterCriteriaShape? FilterCriteria { get; init; }

    public ScalingConfigShape? ScalingConfig { get; init; }

    public DestinationConfigShape? DestinationConfig { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public IReadOnlyList<string?>? FunctionResponseTypes { get; init; }

    public MetricsConfigShape? MetricsConfig { get; init; }

    public string? KMSKeyArn { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    public string? StartingPosition { get; init; }

    /// <summary>What the API knows for sources of other kinds, and what is refused by its name here.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>EventSourceMappingConfiguration of the API.</summary>
internal sealed record MappingShape
{
    public required string UUID { get; init; }

    public required string EventSourceMappingArn { get; init; }

    public required string EventSourceArn { get; init; }

    public required string FunctionArn { get; init; }

    public required int BatchSize { get; init; }

    public required int MaximumBatchingWindowInSeconds { get; init; }

    public FilterCriteriaShape? FilterCriteria { get; init; }

    public ScalingConfigShape? ScalingConfig { get; init; }

    public DestinationConfigShape? DestinationConfig { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public required IReadOnlyList<string?> FunctionResponseTypes { get; init; }

    public MetricsConfigShape? MetricsConfig { get; init; }

    public string? KMSKeyArn { get; init; }

    public required string State { get; init; }

    public required string StateTransitionReason { get; init; }

    public string? LastProcessingResult { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required double LastModified { get; init; }

    public static MappingShape From(EventSourceMapping mapping, string region, string functionArn, string? lastResult)
    {
        var settings = mapping.Settings;
        return new MappingShape
        {
            UUID = mapping.Id,
            EventSourceMappingArn = mapping.Arn(region),
            EventSourceArn = mapping.Queue.Arn(region),
            FunctionArn = functionArn,
            BatchSize = settings.BatchSize,
            MaximumBatchingWindowInSeconds = settings.WindowSeconds,
            FilterCriteria = settings.Filters.IsEmpty
                ? null
                : new FilterCriteriaShape([.. settings.Filters.Select(pattern => new FilterShape(pattern))]),
            ScalingConfig = settings.MaximumConcurrency is { } most ? new ScalingConfigShape(most) : null,
            DestinationConfig = settings.OnFailureArn is { } arn
                ? new DestinationConfigShape(null, new DestinationShape(arn))
                : null,
            MaximumRetryAttempts = settings.RetriesMax,
            FunctionResponseTypes = settings.ReportsItemFailures ? [MappingRules.ReportItemFailures] : [],
            MetricsConfig = settings.Metrics.IsEmpty ? null : new MetricsConfigShape([.. settings.Metrics]),
            KMSKeyArn = settings.KmsKeyArn,
            State = mapping.State.ToString(),
            StateTransitionReason = "USER_INITIATED",
            LastProcessingResult = lastResult,
            LastModified = mapping.ModifiedAt.ToUnixTimeMilliseconds() / 1000.0,
        };
    }
}

internal sealed record FilterCriteriaShape(IReadOnlyList<FilterShape?>? Filters);

internal sealed record FilterShape(string? Pattern);

internal sealed record ScalingConfigShape(int? MaximumConcurrency);

internal sealed record DestinationConfigShape(DestinationShape? OnSuccess, DestinationShape? OnFailure);

internal sealed record DestinationShape(string? Destination);

internal sealed record MetricsConfigShape(IReadOnlyList<string?>? Metrics);

internal sealed record ListMappingsResponse
{
    public required IReadOnlyList<MappingShape> EventSourceMappings { get; init; }

    public string? NextMarker { get; init; }
}

/// <summary>The shapes as JSON; absent members are left out.</summary>
[JsonSerializable(typeof(MappingRequest))]
[JsonSerializable(typeof(MappingShape))]
[JsonSerializable(typeof(ListMappingsResponse))]
internal sealed partial class MappingJson : JsonSerializerContext
{
    public static MappingJson Wire { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
