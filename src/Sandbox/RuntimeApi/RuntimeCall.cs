using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;

namespace Lambent.Sandbox.RuntimeApi;

/// <summary>One call on its way through the Runtime API.</summary>
public sealed class RuntimeCall
{
    private readonly TaskCompletionSource<InvocationOutcome> ended = new();
    private int claimed;
    private int answering;
    private bool handedOver;

    internal RuntimeCall(
        Invocation invocation, TimeSpan timeout, DateTimeOffset deadline, long started, long deadlineTimestamp)
    {
        Invocation = invocation;
        Timeout = timeout;
        Deadline = deadline;
        StartedTimestamp = started;
        DeadlineTimestamp = deadlineTimestamp;
        Tail = invocation.WantsLogTail ? new LogTail() : null;
    }

    public Invocation Invocation { get; }

    /// <summary>When the call is ended, whatever the runtime does.</summary>
    public DateTimeOffset Deadline { get; }

    /// <summary>Whether the runtime has it.</summary>
    internal bool IsHandedOver
    {
        get => Volatile.Read(ref handedOver);
        set => Volatile.Write(ref handedOver, value);
    }

    internal TimeSpan Timeout { get; }

    internal long StartedTimestamp { get; }

    internal long DeadlineTimestamp { get; }

    internal LogTail? Tail { get; }

    internal Task<InvocationOutcome> Ended => ended.Task;

    /// <summary>Whether the caller may bring the answer: one at a time may.</summary>
    internal bool TryBeginAnswer() => Interlocked.Exchange(ref answering, 1) == 0;

    internal void GiveUpAnswer() => Volatile.Write(ref answering, 0);

    /// <summary>Whether the caller may end the call: only the first one may.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref claimed, 1) == 0;

    internal void Complete(InvocationOutcome outcome)
    {
        outcome.LogTail = Tail?.ToArray();
        ended.TrySetResult(outcome);
    }
}
