using System.Collections.Immutable;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Events;

/// <summary>Something to hand to a target.</summary>
public sealed record TargetDelivery
{
    /// <summary>A UUIDv7. A function's attempts all carry it as request id, a queue's message as message id.</summary>
    public required string Id { get; init; }

    /// <summary>JSON for a function, text in UTF-8 for a queue.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What it comes from, for people: "schedule:NAME", "destination:FUNCTION"…</summary>
    public required string Source { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>For a FIFO queue, which needs one.</summary>
    public string? GroupId { get; init; }

    /// <summary>For a FIFO queue; null: the delivery's id.</summary>
    public string? DeduplicationId { get; init; }

    /// <summary>For a queue.</summary>
    public ImmutableSortedDictionary<string, MessageAttribute> Attributes { get; init; } = MessageContent.NoAttributes;

    public string? TraceHeader { get; init; }

    /// <summary>For a function: what differs from its own settings.</summary>
    public EventPolicy? Policy { get; init; }

    /// <summary>For a function or queue: not before so long after <see cref="At"/>.</summary>
    public TimeSpan Delay { get; init; }
}
