using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Events;

/// <summary>An accepted asynchronous invocation, kept until it reached a terminal state.</summary>
public sealed record AsyncEvent
{
    /// <summary>The request id the caller got; a UUIDv7. All attempts carry it.</summary>
    public required string Id { get; init; }

    public required FunctionId Function { get; init; }

    /// <summary>The qualifier the caller named, or null.</summary>
    public string? Qualifier { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Base64 JSON as received, or null.</summary>
    public string? ClientContext { get; init; }

    public string? TraceHeader { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Attempts made so far that counted.</summary>
    public int Attempts { get; init; }

    public required DateTimeOffset DueAt { get; init; }
}

public interface IEventTable
{
    void Put(AsyncEvent accepted);

    void Delete(string id);

    /// <summary>Events due at or before <paramref name="now"/>, oldest due time first.</summary>
    IReadOnlyList<AsyncEvent> Due(DateTimeOffset now, int limit);

    /// <summary>When the next event is due, or null when there is none.</summary>
    DateTimeOffset? NextDue();

    /// <summary>Whether an event is still to be delivered, or being delivered.</summary>
    bool Contains(string id);

    long Count();
}
