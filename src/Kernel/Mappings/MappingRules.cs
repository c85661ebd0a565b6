using Lambent.Kernel.Events.Filters;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Mappings;

/// <summary>What a mapping of a queue may be, in AWS's words where AWS has some.</summary>
public static class MappingRules
{
    public const string ReportItemFailures = "ReportBatchItemFailures";

    private static readonly string[] ResponseTypes = [ReportItemFailures];
    private static readonly string[] MetricNames = ["EventCount", "ErrorCount", "KafkaMetrics"];

    public static Error NotFound { get; } = new(
        ErrorCode.ResourceNotFound, "The resource you requested does not exist.", "UUID");

    public static Error FunctionMissing { get; } = Invalid("Function does not exist", "FunctionName");

    public static Error QueueMissing { get; } = Invalid(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
        + "SQS Error Message: The specified queue does not exist.",
        "EventSourceArn");

    public static Error Invalid(string message, string? field = null) =>
        new(ErrorCode.InvalidParameter, message, field);

    /// <summary>A member that AWS takes for sources of another kind only.</summary>
    public static Error Unsupported(string member) => Invalid(
        $"Unsupported {member} parameter for given event source mapping type.", member);

    /// <summary>Adds what does not have the form the API prescribes.</summary>
    public static void CheckForm(ConstraintViolations violations, MappingChange change)
    {
        violations.Range(change.BatchSize, "batchSize", 1, Limits.MappingBatchMax);
        violations.Range(
            change.WindowSeconds, "maximumBatchingWindowInSeconds", 0, Limits.MappingWindowSecondsMax);
        violations.Range(
            change.Scaling?.MaximumConcurrency,
            "scalingConfig.maximumConcurrency",
            Limits.MappingConcurrencyMin,
            Limits.MappingConcurrencyMax);
        violations.Range(change.RetriesMax, "maximumRetryAttempts", -1, Limits.MappingRetriesMax);
        CheckList(violations, change.ResponseTypes, "functionResponseTypes", ResponseTypes);
        CheckList(violations, change.Metrics, "metricsConfig.metrics", MetricNames);
        foreach (var pattern in change.Filters ?? [])
        {
            violations.Length(pattern, "filterCriteria.filters.member.pattern", 0, Limits.MappingFilterLengthMax);
        }

        violations.Length(change.OnFailureArn, "destinationConfig.onFailure.destination", 0, Limits.ArnLengthMax);
        violations.Length(change.KmsKeyArn, "kMSKeyArn", 0, Limits.ArnLengthMax);
    }

    /// <summary>Why settings cannot be, for this queue, or null.</summary>
    public static Error? Check(MappingSettings settings, QueueId queue)
    {
        if (queue.IsFifo && settings.WindowSeconds > 0)
        {
            return Invalid("Batching window is not supported for FIFO queues", "MaximumBatchingWindowInSeconds");
        }

        if (queue.IsFifo && settings.BatchSize > Limits.MessageBatchMax)
        {
            return Invalid(
                $"BatchSize {settings.BatchSize} exceeds the max of {Limits.MessageBatchMax} for FIFO queues",
                "BatchSize");
        }

        if (settings.BatchSize > Limits.MessageBatchMax && settings.WindowSeconds == 0)
        {
            return Invalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than "
                + $"{Limits.MessageBatchMax}",
                "MaximumBatchingWindowInSeconds");
        }

        if (settings.RetriesMax is not null && settings.OnFailureArn is null)
        {
            return Unsupported("MaximumRetryAttempts");
        }

        return CheckFilters(settings);
    }

    /// <summary>Why a mapping cannot be between these two, or null.</summary>
    public static Error? Check(EventSourceMapping mapping, MappingSurroundings around)
    {
        if (around.FunctionTimeoutSeconds is not { } timeout)
        {
            return FunctionMissing;
        }

        if (around.OtherId is { } other)
        {
            return new Error(
                ErrorCode.ResourceConflict,
                $"An event source mapping with SQS arn (\" {mapping.Queue.Arn(around.Region)} \") and function "
                + $"(\" {mapping.Function.Name} \") already exists. Please update or delete the existing mapping with "
                + $"UUID {other}");
        }

        if (around.Queue is not { } queue)
        {
            return QueueMissing;
        }

        if (queue.Settings.VisibilityTimeoutSeconds < timeout)
        {
            return Invalid(
                $"Queue visibility timeout: {queue.Settings.VisibilityTimeoutSeconds} seconds is less than Function "
                + $"timeout: {timeout} seconds",
                "EventSourceArn");
        }

        if (around.DestinationRefusal is { } refused)
        {
            return refused;
        }

        return mapping.Settings is { OnFailureArn: not null, RetriesMax: null } && queue.Settings.Redrive is null
            ? Invalid(
                "DestinationConfig needs MaximumRetryAttempts, or a redrive policy of the queue: otherwise no message "
                + "is ever given up.",
                "DestinationConfig")
            : null;
    }

    /// <summary>The settings with the change; what has no form was refused before.</summary>
    public static MappingSettings Apply(MappingSettings settings, MappingChange change)
    {
        var onFailure = change.OnFailureArn is { } arn ? (arn.Length == 0 ? null : arn) : settings.OnFailureArn;
        return settings with
        {
            BatchSize = change.BatchSize ?? settings.BatchSize,
            WindowSeconds = change.WindowSeconds ?? settings.WindowSeconds,
            ReportsItemFailures = change.ResponseTypes is { } types ? types.Count > 0 : settings.ReportsItemFailures,
            Filters = change.Filters is { } filters ? [.. filters.OfType<string>()] : settings.Filters,
            MaximumConcurrency = change.Scaling is { } scaling
                ? scaling.MaximumConcurrency
                : settings.MaximumConcurrency,
            OnFailureArn = onFailure,
            RetriesMax = RetriesOf(settings, change, onFailure),
            Metrics = change.Metrics is { } metrics ? [.. metrics.OfType<string>()] : settings.Metrics,
            KmsKeyArn = change.KmsKeyArn is { } key ? (key.Length == 0 ? null : key) : settings.KmsKeyArn,
        };
    }

    /// <summary>-1 is the API's word for without end; a destination that is taken away takes its count along.</summary>
    private static int? RetriesOf(MappingSettings settings, MappingChange change, string? onFailure) =>
        change.RetriesMax switch
        {
            -1 => null,
            null => onFailure is null ? null : settings.RetriesMax,
            var asked => asked,
        };

    private static Error? CheckFilters(MappingSettings settings)
    {
        if (settings.Filters.Length > Limits.MappingFiltersMax)
        {
            return Invalid(
                $"FilterCriteria has {settings.Filters.Length} filters, {Limits.MappingFiltersMax} are allowed.",
                "FilterCriteria");
        }

        foreach (var filter in settings.Filters)
        {
            if (EventPattern.Parse(filter).Failed(out _, out var wrong))
            {
                return Invalid($"Invalid filter pattern definition. {wrong.Message}", "FilterCriteria");
            }
        }

        return null;
    }

    private static void CheckList(
        ConstraintViolations violations, IReadOnlyList<string?>? values, string field, string[] allowed)
    {
        if (values is null)
        {
            return;
        }

        var shown = $"[{string.Join(", ", values.Take(10).Select(value => value ?? "null"))}]";
        if (values.Count > allowed.Length)
        {
            violations.Add(shown, field, $"Member must have length less than or equal to {allowed.Length}");
        }
        else if (values.Any(value => value is null || !allowed.Contains(value)))
        {
            violations.Add(
                shown,
                field,
                "Member must satisfy constraint: [Member must satisfy enum value set: "
                + $"[{string.Join(", ", allowed)}], Member must not be null]");
        }
    }
}
