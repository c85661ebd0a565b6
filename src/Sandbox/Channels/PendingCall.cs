using System.Threading.Tasks.Sources;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// A call in flight, in a slot that is used again for later calls of the same environment. Its call id carries the
/// slot's generation, so that a late frame of an earlier call is recognized and dropped. The caller continues on the
/// thread that completes the call: the reading loop, or the sweep for a time-out.
/// </summary>
internal sealed class PendingCall(uint slot) : IValueTaskSource<InvocationOutcome>
{
    private const int Free = 0;
    private const int Waiting = 1;
    private const int Ended = 2;

    private ManualResetValueTaskSourceCore<InvocationOutcome> source;
    private uint generation;
    private int state;

    public uint Slot { get; } = slot;

    public uint CallId => (generation << 16) | Slot;

    public Invocation? Invocation { get; private set; }

    public TimeSpan Timeout { get; private set; }

    public long StartedTimestamp { get; private set; }

    public long DeadlineTimestamp { get; private set; }

    public LogTail? Tail { get; private set; }

    /// <summary>Guards the pumps: the reading loop and the sweep both end calls.</summary>
    public Lock StreamGate { get; } = new();

    /// <summary>Carries the streamed response, once there is one.</summary>
    public ResponsePump? Response { get; set; }

    /// <summary>Carries the request's body when it is streamed.</summary>
    public RequestPump? Request { get; set; }

    public bool IsWaiting => Volatile.Read(ref state) == Waiting;

    /// <summary>Gives the slot back after its result was taken.</summary>
    public required Action<PendingCall> Released { get; init; }

    public ValueTask<InvocationOutcome> Begin(
        Invocation invocation, TimeSpan timeout, long startedTimestamp, long deadlineTimestamp)
    {
        generation++;
        Invocation = invocation;
        Timeout = timeout;
        StartedTimestamp = startedTimestamp;
        DeadlineTimestamp = deadlineTimestamp;
        Tail = invocation.WantsLogTail ? new LogTail() : null;
        Response = null;
        Request = null;
        Volatile.Write(ref state, Waiting);
        return new ValueTask<InvocationOutcome>(this, source.Version);
    }

    /// <summary>Whether the caller may end the call: only the first one may.</summary>
    public bool TryClaim() => Interlocked.CompareExchange(ref state, Ended, Waiting) == Waiting;

    /// <summary>Ends the call; after <see cref="TryClaim"/> only.</summary>
    public void Complete(InvocationOutcome outcome)
    {
        if (Tail is { } tail)
        {
            outcome.LogTail = tail.ToArray();
        }

        source.SetResult(outcome);
    }

    public InvocationOutcome GetResult(short token)
    {
        var outcome = source.GetResult(token);
        source.Reset();
        Invocation = null;
        Tail = null;
        Volatile.Write(ref state, Free);
        Released(this);
        return outcome;
    }

    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
