using System.Globalization;

namespace Lambent.Kernel.Queues;

/// <summary>The attributes of a queue by name: what may be set, within which bounds, and how each reads.</summary>
public static class QueueAttributes
{
    public const string FifoQueue = "FifoQueue";
    public const string All = "All";

    /// <summary>Counted when they are asked for; not part of the queue.</summary>
    public static IReadOnlyList<string> Counted { get; } =
    [
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed",
    ];

    private static readonly string[] FifoOnly =
        [FifoQueue, "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

    private static readonly Dictionary<string, Func<Queue, string, string?>> Readers = new(StringComparer.Ordinal)
    {
        ["QueueArn"] = (queue, region) => queue.Id.Arn(region),
        ["CreatedTimestamp"] = (queue, _) => Text(queue.CreatedAt.ToUnixTimeSeconds()),
        ["LastModifiedTimestamp"] = (queue, _) => Text(queue.ModifiedAt.ToUnixTimeSeconds()),
        ["VisibilityTimeout"] = (queue, _) => Text(queue.Settings.VisibilityTimeoutSeconds),
        ["MaximumMessageSize"] = (queue, _) => Text(queue.Settings.MaximumMessageBytes),
        ["MessageRetentionPeriod"] = (queue, _) => Text(queue.Settings.RetentionSeconds),
        ["DelaySeconds"] = (queue, _) => Text(queue.Settings.DelaySeconds),
        ["ReceiveMessageWaitTimeSeconds"] = (queue, _) => Text(queue.Settings.ReceiveWaitSeconds),
        ["Policy"] = (queue, _) => queue.Settings.Policy,
        ["RedrivePolicy"] = (queue, _) => queue.Settings.Redrive?.Text,
        ["RedriveAllowPolicy"] = (queue, _) => queue.Settings.RedriveAllow?.Text,
        ["KmsMasterKeyId"] = (queue, _) => queue.Settings.KmsMasterKeyId,
        ["KmsDataKeyReusePeriodSeconds"] = (queue, _) =>
            queue.Settings.KmsMasterKeyId is null ? null : Text(queue.Settings.KmsDataKeyReusePeriodSeconds),
        ["SqsManagedSseEnabled"] = (queue, _) => Text(queue.Settings.SqsManagedSse),
        [FifoQueue] = (queue, _) => queue.IsFifo ? "true" : null,
        ["ContentBasedDeduplication"] = (queue, _) =>
            queue.IsFifo ? Text(queue.Settings.ContentBasedDeduplication) : null,
        ["DeduplicationScope"] = (queue, _) =>
            !queue.IsFifo ? null : queue.Settings.DeduplicatesPerGroup ? "messageGroup" : "queue",
        ["FifoThroughputLimit"] = (queue, _) =>
            !queue.IsFifo ? null : queue.Settings.HasThroughputPerGroup ? "perMessageGroupId" : "perQueue",
    };

    public static bool IsKnown(string name) =>
        name == All || Readers.ContainsKey(name) || Counted.Contains(name, StringComparer.Ordinal);

    /// <summary>The attribute's value, or null when the queue has none.</summary>
    public static string? Read(Queue queue, string name, string region) =>
        Readers.TryGetValue(name, out var read) ? read(queue, region) : null;

    /// <summary>All that a queue has, without what is counted.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ReadAll(Queue queue, string region) => Readers
        .Select(reader => KeyValuePair.Create(reader.Key, reader.Value(queue, region)!))
        .Where(attribute => attribute.Value is not null);

    /// <summary>
    /// The settings with the given attributes changed. Whether a dead-letter queue exists is for the caller to look.
    /// </summary>
    /// <param name="settings">What holds for attributes that are not given.</param>
    /// <param name="given">Names and values as the caller wrote them.</param>
    /// <param name="id">The queue, whose name tells its kind.</param>
    /// <param name="region">The region that ARNs must be of.</param>
    public static Result<QueueSettings> Apply(
        QueueSettings settings, IReadOnlyDictionary<string, string> given, QueueId id, string region)
    {
        foreach (var (name, value) in given)
        {
            if (CheckKind(name, value, id) is { } misplaced)
            {
                return misplaced;
            }

            if (ApplyOne(settings, name, value, id, region).Failed(out var changed, out var invalid))
            {
                return invalid;
            }

            settings = changed;
        }

        return settings.HasThroughputPerGroup && !settings.DeduplicatesPerGroup
            ? QueueErrors.InvalidAttribute(
                "FifoThroughputLimit", "perMessageGroupId is only for the DeduplicationScope messageGroup.")
            : settings;
    }

    /// <summary>The first given attribute that an existing queue has with another value, or null.</summary>
    public static string? FirstDifference(
        Queue existing, QueueSettings wanted, IReadOnlyDictionary<string, string> given, string region)
    {
        var asked = existing with { Settings = wanted };
        return given.Keys.FirstOrDefault(name => Read(existing, name, region) != Read(asked, name, region));
    }

    private static Error? CheckKind(string name, string value, QueueId id)
    {
        if (!FifoOnly.Contains(name, StringComparer.Ordinal))
        {
            return null;
        }

        if (!id.IsFifo)
        {
            return new Error(
                ErrorCode.QueueAttributeUnknown,
                name is "DeduplicationScope" or "FifoThroughputLimit"
                    ? $"You can specify the {name} only when FifoQueue is set to true."
                    : $"Unknown Attribute {name}.",
                name);
        }

        return name == FifoQueue && value != "true"
            ? QueueErrors.InvalidAttribute(FifoQueue, "Modifying queue type is not supported.")
            : null;
    }

    private static Result<QueueSettings> ApplyOne(
        QueueSettings settings, string name, string value, QueueId id, string region) => name switch
    {
        FifoQueue => settings,
        "VisibilityTimeout" => Number(name, value, 0, Limits.VisibilityTimeoutSecondsMax)
            .Select(seconds => settings with { VisibilityTimeoutSeconds = seconds }),
        "DelaySeconds" => Number(name, value, 0, Limits.MessageDelaySecondsMax)
            .Select(seconds => settings with { DelaySeconds = seconds }),
        "MaximumMessageSize" => Number(name, value, Limits.MessageBytesMin, Limits.MessageBytesMax)
            .Select(bytes => settings with { MaximumMessageBytes = bytes }),
        "MessageRetentionPeriod" =>
            Number(name, value, Limits.MessageRetentionSecondsMin, Limits.MessageRetentionSecondsMax)
            .Select(seconds => settings with { RetentionSeconds = seconds }),
        "ReceiveMessageWaitTimeSeconds" => Number(name, value, 0, Limits.ReceiveWaitSecondsMax)
            .Select(seconds => settings with { ReceiveWaitSeconds = seconds }),
        "KmsDataKeyReusePeriodSeconds" => Number(name, value, 60, 86_400)
            .Select(seconds => settings with { KmsDataKeyReusePeriodSeconds = seconds }),
        "KmsMasterKeyId" => settings with { KmsMasterKeyId = value.Length == 0 ? null : value },
        "SqsManagedSseEnabled" => Flag(name, value).Select(flag => settings with { SqsManagedSse = flag }),
        "ContentBasedDeduplication" =>
            Flag(name, value).Select(flag => settings with { ContentBasedDeduplication = flag }),
        "DeduplicationScope" => Choice(name, value, "queue", "messageGroup")
            .Select(second => settings with { DeduplicatesPerGroup = second }),
        "FifoThroughputLimit" => Choice(name, value, "perQueue", "perMessageGroupId")
            .Select(second => settings with { HasThroughputPerGroup = second }),
        "Policy" => ApplyPolicy(settings, value),
        "RedrivePolicy" => value.Length == 0
            ? settings with { Redrive = null }
            : RedrivePolicy.Parse(value, id, region).Select(policy => settings with { Redrive = policy }),
        "RedriveAllowPolicy" => value.Length == 0
            ? settings with { RedriveAllow = null }
            : RedriveAllowPolicy.Parse(value).Select(policy => settings with { RedriveAllow = policy }),
        _ => new Error(ErrorCode.QueueAttributeUnknown, $"Unknown Attribute {name}.", name),
    };

    private static Result<QueueSettings> ApplyPolicy(QueueSettings settings, string value)
    {
        if (value.Length == 0)
        {
            return settings with { Policy = null };
        }

        return QueuePolicy.Parse(value).Failed(out _, out var refused)
            ? refused
            : settings with { Policy = value };
    }

    private static Result<int> Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : QueueErrors.InvalidAttribute(name);

    private static Result<bool> Flag(string name, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => QueueErrors.InvalidAttribute(name),
    };

    /// <returns>Whether it is the second.</returns>
    private static Result<bool> Choice(string name, string value, string first, string second) =>
        value == second ? true : value == first ? false : QueueErrors.InvalidAttribute(name);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool flag) => flag ? "true" : "false";
}
