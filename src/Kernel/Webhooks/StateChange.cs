using System.Collections.Immutable;
using System.Text.Json;

namespace Lambent.Kernel.Webhooks;

/// <summary>Something that happened here and that programs outside may want to know.</summary>
public sealed record StateChange
{
    /// <summary>An asynchronous call succeeded.</summary>
    public const string EventDone = "event.done";

    /// <summary>An asynchronous call failed for good.</summary>
    public const string EventFailed = "event.failed";

    /// <summary>An asynchronous call that failed for good was put into its dead-letter queue.</summary>
    public const string EventDeadLettered = "event.dead-lettered";

    public const string FunctionCreated = "function.created";

    public const string FunctionUpdated = "function.updated";

    /// <summary>A change of a function could not be activated: calls use what was before.</summary>
    public const string FunctionFailed = "function.failed";

    public const string FunctionDeleted = "function.deleted";

    public const string QueueCreated = "queue.created";

    public const string QueueDeleted = "queue.deleted";

    /// <summary>An alert's metric is on the wrong side of its threshold.</summary>
    public const string AlertFired = "alert.fired";

    /// <summary>It is on the right side again.</summary>
    public const string AlertResolved = "alert.resolved";

    /// <summary>Something that is no metric was seen, such as a new kind of error.</summary>
    public const string AlertRaised = "alert.raised";

    /// <summary>Sent on request, to try out an address.</summary>
    public const string Test = "webhook.test";

    public static ImmutableArray<string> Types { get; } =
    [
        EventDone, EventFailed, EventDeadLettered,
        FunctionCreated, FunctionUpdated, FunctionFailed, FunctionDeleted,
        QueueCreated, QueueDeleted,
        AlertFired, AlertResolved, AlertRaised,
    ];

    /// <summary>One of <see cref="Types"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The name of the function or queue.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What there is to say about it, by name; null is left out. No payloads: they may be secret.</summary>
    public ImmutableArray<KeyValuePair<string, string?>> Data { get; init; } = [];

    /// <summary>Whether a pattern, such as event.* or event.done, means a type.</summary>
    public static bool Matches(string pattern, string type) =>
        pattern == "*"
        || pattern == type
        || (pattern.EndsWith(".*", StringComparison.Ordinal)
            && type.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal));

    /// <summary>Whether a pattern means any type at all.</summary>
    public static bool IsPattern(string pattern) => Types.Any(type => Matches(pattern, type));

    /// <summary>
    /// The body of the callback: type, timestamp and data, as the Standard Webhooks specification has it.
    /// </summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("timestamp", At.UtcDateTime);
            json.WriteStartObject("data");
            foreach (var (name, value) in Data)
            {
                if (value is not null)
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
