using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Traces;

namespace Lambent.Kernel.Invocations;

/// <summary>What is remembered of a call: for the log's START, END and REPORT lines, the meter and the lists.</summary>
public sealed record InvocationRecord
{
    public required string RequestId { get; init; }

    public required FunctionId Function { get; init; }

    public required string Version { get; init; }

    public required string EnvironmentId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>What its environment's start took, all together; null for a call that found one.</summary>
    public TimeSpan? InitDuration { get; init; }

    /// <summary>Whether its environment was a provisioned one.</summary>
    public EnvironmentUse Use { get; init; }

    /// <summary>What the time before the handler went into.</summary>
    public CallPhases Phases { get; init; }

    public required OutcomeKind Outcome { get; init; }

    public required int MemoryMegabytes { get; init; }

    public required int MaxMemoryUsedMegabytes { get; init; }

    /// <summary>invoke, url, event.</summary>
    public required string Source { get; init; }

    /// <summary>The queue, the schedule or the execution that it comes from, or null.</summary>
    public string? CameFrom { get; init; }

    /// <summary>The call that it repeats, or null.</summary>
    public string? ReplayOf { get; init; }

    /// <summary>Its event and answer on their way to be kept; null for most, and for what was read.</summary>
    public CallCopy? Copy { get; init; }

    /// <summary>Of the code that ran; with the version it says which release that was. Empty when not known.</summary>
    public string CodeDigest { get; init; } = "";

    /// <summary>Its place in a trace: what came in, and its own span.</summary>
    public CallTrace Trace { get; init; }

    /// <summary>The ARN as the caller qualified it, which may name an alias; empty when it is not known.</summary>
    public string InvokedArn { get; init; } = "";
}

/// <summary>One line, or several, that a function wrote.</summary>
/// <param name="RequestId">The call it was written in, or null when outside any.</param>
public sealed record LogLine(
    FunctionId Function, string Version, string EnvironmentId, string? RequestId, DateTimeOffset Time, string Text)
{
    /// <summary>What wrote it, as long as it is on its way; null where that is not known.</summary>
    public EnvironmentSpecification? Specification { get; init; }

    /// <summary>Whether the platform says it, at most once a second: no share of a function's holds it back.</summary>
    public bool IsNotice { get; init; }
}

/// <summary>
/// Where calls leave their traces. Never blocks and never fails the call: what cannot be kept is dropped and counted.
/// </summary>
public interface ITelemetrySink
{
    void Record(InvocationRecord record);

    /// <summary>A limit refused a call, which therefore has no record.</summary>
    void Refuse(FunctionId function, string version, string invokedArn)
    {
    }

    /// <summary>
    /// Whether a line that is to be written now would be kept; one that would not is counted as dropped by this, and
    /// need not be made.
    /// </summary>
    /// <param name="function">Whose.</param>
    /// <param name="bytes">Of its text, in UTF-8.</param>
    bool Wants(FunctionId function, int bytes) => true;

    void Write(LogLine line);

    /// <summary>Counts lines that were dropped where they came from, beyond what one environment may write.</summary>
    void Drop(FunctionId function, long lines, long bytes)
    {
    }
}
