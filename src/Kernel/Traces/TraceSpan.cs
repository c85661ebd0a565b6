using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Traces;

/// <summary>What a span is about. The numbers are those of OTLP, and are stored.</summary>
public enum SpanKind
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}

/// <summary>How it ended. The numbers are those of OTLP, and are stored.</summary>
public enum SpanStatus
{
    Unset = 0,
    Ok = 1,
    Error = 2,
}

/// <summary>Where a span comes from. The numbers are stored.</summary>
public enum SpanOrigin
{
    /// <summary>Custom code sent it.</summary>
    Custom = 0,

    /// <summary>A message from its sending until it was handed to a function.</summary>
    Message = 1,

    /// <summary>A request to a program outside.</summary>
    Request = 2,

    /// <summary>An execution of a state machine; its states are read out of its journal.</summary>
    Execution = 3,

    /// <summary>A call of a function; made from its record.</summary>
    Call = 4,

    /// <summary>What the time of a call went into; made from its record.</summary>
    Phase = 5,

    /// <summary>A state of an execution; made from its journal.</summary>
    State = 6,

    /// <summary>One try at the work of a state; made from its journal.</summary>
    Attempt = 7,
}

/// <summary>A piece of a trace.</summary>
public sealed record TraceSpan
{
    /// <summary>Names of owners that are no functions begin with this.</summary>
    public const string OtherOwner = ":trace:";

    /// <summary>The account, and the function; what is no function is behind <see cref="OtherOwner"/>.</summary>
    public required FunctionId Owner { get; init; }

    /// <summary>Its trace and the span that it belongs to.</summary>
    public required TraceContext Parent { get; init; }

    public required ulong Span { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Not negative.</summary>
    public required TimeSpan Duration { get; init; }

    public SpanOrigin Origin { get; init; }

    public SpanKind Kind { get; init; } = SpanKind.Internal;

    public SpanStatus Status { get; init; }

    /// <summary>Whether it is still going on: what is known of its length is until now.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Of the function; empty for none.</summary>
    public string Version { get; init; } = "";

    /// <summary>
    /// JSON with the members attributes (an object), events (an array) and message (of the status), each optional; or
    /// empty.
    /// </summary>
    public string Detail { get; init; } = "";

    /// <summary>A span of the same or another trace that it has to do with; none.</summary>
    public TraceContext Link { get; init; }

    public DateTimeOffset EndedAt => StartedAt + Duration;

    public TraceContext Context => Parent with { Span = Span };
}

/// <summary>Where spans go. Never blocks and never fails: what cannot be kept is dropped and counted.</summary>
public interface ISpanSink
{
    /// <returns>False when there was no room for it.</returns>
    bool Add(TraceSpan span);
}
