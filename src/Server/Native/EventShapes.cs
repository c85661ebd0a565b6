using System.Text.Json;
using Lambent.Kernel.Events;
using Lambent.Server.Delivery;

namespace Lambent.Server.Native;

internal sealed record EventsAnswer(IReadOnlyList<EventAnswer> Events, string? Next);

/// <summary>One event, on its way or ended.</summary>
internal sealed record EventAnswer
{
    public required string Id { get; init; }

    /// <summary>
    /// delayed, waiting, running, retrying, dead; succeeded, failed, expired, cancelled, disabled, target-gone.
    /// </summary>
    public required string State { get; init; }

    public required string Target { get; init; }

    public string? Source { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int Attempts { get; init; }

    public int Priority { get; init; }

    public string? Error { get; init; }

    public string? DestinationError { get; init; }

    /// <summary>Why it is where it is.</summary>
    public string? Why { get; init; }

    /// <summary>JSON as it is, anything else as text; only when the result was asked for.</summary>
    public JsonElement? Result { get; init; }

    public static EventAnswer From(StoredEvent stored, bool isRunning, LaneView lane, string region) => new()
    {
        Id = stored.Event.Id,
        State = EventReasons.StateOf(stored, isRunning),
        Target = stored.Event.Target.Arn(region),
        Source = stored.Event.Source,
        AcceptedAt = stored.Event.AcceptedAt,
        DueAt = stored.Event.DueAt,
        Attempts = stored.Event.Attempts,
        Priority = stored.Event.Policy.Priority,
        Error = stored.Event.LastError,
        Why = EventReasons.Why(stored, isRunning, lane),
    };

    public static EventAnswer From(EventResult result, string region) => new()
    {
        Id = result.Id,
        State = EventReasons.StateOf(result.End),
        Target = result.Target.Arn(region),
        AcceptedAt = result.AcceptedAt,
        EndedAt = result.EndedAt,
        Attempts = result.Attempts,
        Error = result.Error,
        DestinationError = result.DestinationError,
        Result = result.Payload.IsEmpty ? null : Element(result.Payload),
    };

    private static JsonElement Element(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(
                System.Text.Encoding.UTF8.GetString(payload.Span), NativeJson.Default.String);
        }
    }
}

internal sealed record RedriveRequest(string? Function, int? Count, double? PerSecond);

internal sealed record RedriveAnswer(int Sent);

internal sealed record LanesAnswer(IReadOnlyList<LaneAnswer> Lines);

/// <summary>What stands in one line, how fast it moves, and why what waits waits.</summary>
internal sealed record LaneAnswer
{
    public required string Line { get; init; }

    public long Waiting { get; init; }

    public long Running { get; init; }

    /// <summary>Delayed by their senders, or to be tried again later.</summary>
    public long Delayed { get; init; }

    public long Dead { get; init; }

    public double? OldestSeconds { get; init; }

    public double ArrivalsPerSecond { get; init; }

    public double EndsPerSecond { get; init; }

    public double AttemptMilliseconds { get; init; }

    public int Concurrency { get; init; }

    public string? Why { get; init; }
}
