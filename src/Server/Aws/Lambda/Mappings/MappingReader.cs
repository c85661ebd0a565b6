using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>Reads what a request asks of a mapping.</summary>
internal static partial class MappingReader
{
    private const string SourcePatternText =
        @"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?"
        + ":(.*)";

    private static readonly string[] StartingPositions = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];

    /// <summary>Members for streams and brokers, which AWS refuses for a queue.</summary>
    private static readonly string[] ForOtherSources =
    [
        "ParallelizationFactor", "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "TumblingWindowInSeconds",
        "Topics", "Queues", "SourceAccessConfigurations", "StartingPositionTimestamp",
        "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig",
    ];

    private static readonly Dictionary<string, string> OtherServices = new(StringComparer.Ordinal)
    {
        ["kinesis"] = "a Kinesis stream",
        ["dynamodb"] = "a DynamoDB stream",
        ["kafka"] = "a Kafka cluster",
        ["mq"] = "a message broker",
        ["rds"] = "a DocumentDB cluster",
    };

    /// <summary>The change without its function, or what of the request is wrong.</summary>
    public static Result<MappingChange> Change(MappingRequest request, ConstraintViolations violations)
    {
        var filters = request.FilterCriteria;
        if (filters?.Filters?.Any(filter => filter is null) == true)
        {
            violations.Required(null, "filterCriteria.filters.member");
        }

        violations.OneOf(request.StartingPosition, "startingPosition", StartingPositions);
        var change = new MappingChange
        {
            Enabled = request.Enabled,
            BatchSize = request.BatchSize,
            WindowSeconds = request.MaximumBatchingWindowInSeconds,
            ResponseTypes = request.FunctionResponseTypes,
            Filters = filters is null ? null : [.. (filters.Filters ?? []).Select(filter => filter?.Pattern ?? "")],
            Scaling = request.ScalingConfig is { } scaling ? new ScalingChange(scaling.MaximumConcurrency) : null,
            OnFailureArn = request.DestinationConfig is { } destination
                ? destination.OnFailure?.Destination ?? ""
                : null,
            RetriesMax = request.MaximumRetryAttempts,
            Metrics = request.MetricsConfig is { } metrics ? metrics.Metrics ?? [] : null,
            KmsKeyArn = request.KMSKeyArn,
        };
        MappingRules.CheckForm(violations, change);
        return (violations.ToError() ?? Unsupported(request)) is { } wrong ? wrong : change;
    }

    /// <summary>The queue that the request names as its source.</summary>
    public static Result<QueueId> Source(string? arn, AccountId account, string region)
    {
        const string Field = "EventSourceArn";
        if (arn is null)
        {
            return MappingRules.Invalid("Unrecognized event source.", Field);
        }

        if (QueueId.FromArn(arn, region) is { } queue)
        {
            // A queue of another account looks as one that does not exist.
            return queue.Account == account ? queue : MappingRules.QueueMissing;
        }

        var service = arn.Split(':', 4) is [_, _, var name, ..] ? name : "";
        return OtherServices.TryGetValue(service, out var words)
            ? new Error(
                ErrorCode.NotSupported,
                $"EventSourceArn names {words}, which is not supported by this server: name an SQS queue.",
                Field)
            : MappingRules.Invalid("Unrecognized event source.", Field);
    }

    public static void CheckSource(ConstraintViolations violations, string? arn, string field)
    {
        violations.Length(arn, field, 0, Limits.ArnLengthMax);
        violations.Pattern(arn, field, SourcePattern(), SourcePatternText);
    }

    /// <summary>The function that is named, in the caller's account, or the failure that there is none.</summary>
    public static Result<FunctionReference> Function(string name, AwsRequest request, string region)
    {
        if (FunctionReference.Parse(name, null, request.Principal.Account, region, FunctionReferenceRule.Plain)
            .Failed(out var reference, out var malformed))
        {
            return malformed;
        }

        return reference.Id.Account == request.Principal.Account ? reference : MappingRules.FunctionMissing;
    }

    public static ImmutableSortedDictionary<string, string> Tags(
        IReadOnlyDictionary<string, string?>? given, ConstraintViolations violations)
    {
        var tags = EventSourceMapping.NoTags.ToBuilder();
        foreach (var (key, value) in given ?? ImmutableDictionary<string, string?>.Empty)
        {
            violations.Length(key, "tags.key", 1, Limits.TagKeyLengthMax);
            violations.Length(value, "tags.value", 0, Limits.TagValueLengthMax);
            tags[key] = value ?? "";
        }

        return tags.ToImmutable();
    }

    private static Error? Unsupported(MappingRequest request)
    {
        if (request.StartingPosition is not null)
        {
            return MappingRules.Invalid("StartingPosition is not valid for SQS event sources.", "StartingPosition");
        }

        if (request.DestinationConfig?.OnSuccess?.Destination is { Length: > 0 })
        {
            return MappingRules.Unsupported("DestinationConfig");
        }

        foreach (var (name, value) in request.Others ?? [])
        {
            var isEmpty = value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
            if (!isEmpty && ForOtherSources.Contains(name))
            {
                return MappingRules.Unsupported(name);
            }

            if (!isEmpty && name is "SelfManagedEventSource" or "ProvisionedPollerConfig" or "LoggingConfig")
            {
                return UnsupportedMembers.Element(name, value);
            }
        }

        return null;
    }

    [GeneratedRegex(
        @"^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9])?"
        + @":([0-9]{12})?:(.*)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex SourcePattern();
}
