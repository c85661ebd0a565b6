using System.Collections.Concurrent;
using System.Threading.Channels;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.RuntimeApi;

/// <summary>How the Runtime API answers a post of a runtime.</summary>
public enum RuntimeApiAnswer
{
    Accepted,

    /// <summary>403 InvalidStateTransition: an error of the initialization after the initialization.</summary>
    WrongState,
}

/// <summary>
/// The conversation with a custom runtime: AWS Lambda's Runtime API, version 2018-06-01
/// (docs.aws.amazon.com, "Using the Lambda runtime API for custom runtimes"). A state machine without HTTP: the web
/// server translates requests into these calls. The first request for a call tells that the initialization is over.
/// </summary>
public sealed class RuntimeApiChannel : IEnvironmentChannel
{
    public const string InitErrorState = "InitError";

    private const string RunningState = "Running";

    private readonly SandboxProcess process;
    private readonly EnvironmentLog log;
    private readonly TimeProvider time;
    private readonly Channel<RuntimeCall> waiting = Channel.CreateUnbounded<RuntimeCall>();
    private readonly ConcurrentDictionary<string, RuntimeCall> inFlight = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<InvocationOutcome?> ready =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests for a call that wait.</summary>
    private int asking;

    internal RuntimeApiChannel(SandboxProcess process, EnvironmentLog log, TimeProvider time)
    {
        this.process = process;
        this.log = log;
        this.time = time;
        process.OutputDropped = (lines, bytes) => log.Drop(requestId: null, lines, bytes);
        process.Output = WriteOutput;
        Watching = WatchAsync();
    }

    public Task Closed => closed.Task;

    private Task Watching { get; }

    public async Task<InvocationOutcome?> InitializeAsync(
        EnvironmentSpecification specification, IReadOnlyDictionary<string, string> variables, TimeSpan limit)
    {
        try
        {
            return await ready.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            process.Kill();
            return OutcomeErrors.InitializationTimedOut(limit);
        }
    }

    public async ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, TimeSpan timeout)
    {
        var now = time.GetTimestamp();
        var call = new RuntimeCall(
            invocation,
            timeout,
            time.GetUtcNow() + timeout,
            now,
            now + (long)(timeout.TotalSeconds * time.TimestampFrequency));
        inFlight[invocation.RequestId] = call;
        if (!waiting.Writer.TryWrite(call))
        {
            await closed.Task;
            var exit = await process.Exited;
            if (call.TryClaim())
            {
                inFlight.TryRemove(invocation.RequestId, out _);
                var outcome = OutcomeErrors.Exited(invocation.RequestId, exit);
                outcome.NeverStarted = true;
                call.Complete(outcome);
            }
        }

        var ended = await call.Ended;
        ended.EnvironmentId = process.EnvironmentId;
        return ended;
    }

    public bool SweepDeadlines(long nowTimestamp, Action? beforeEnding = null)
    {
        var overdue = false;
        foreach (var (requestId, call) in inFlight)
        {
            if (call.DeadlineTimestamp <= nowTimestamp && call.TryClaim())
            {
                if (!overdue)
                {
                    overdue = true;
                    beforeEnding?.Invoke();
                }

                process.Kill();
                Finish(call, OutcomeErrors.TimedOut(requestId, call.Timeout));
            }
        }

        return overdue;
    }

    /// <summary>GET /runtime/invocation/next: waits for a call.</summary>
    /// <exception cref="ChannelClosedException">The environment is ending.</exception>
    public async ValueTask<RuntimeCall> NextAsync(CancellationToken cancellation)
    {
        ready.TrySetResult(null);
        Interlocked.Increment(ref asking);
        try
        {
            var call = await waiting.Reader.ReadAsync(cancellation);
            call.IsHandedOver = true;
            return call;
        }
        finally
        {
            Interlocked.Decrement(ref asking);
        }
    }

    /// <summary>What the runtime is doing, in the words of AWS's state machine.</summary>
    public string StateName => ready.Task switch
    {
        { IsCompleted: false } => "Started",
        { Result: not null } => InitErrorState,
        _ when inFlight.Values.Any(call => call.IsHandedOver) => RunningState,
        _ => Volatile.Read(ref asking) > 0 ? "Ready" : "RuntimeResponseSentState",
    };

    /// <summary>Whether the runtime has a call to answer, be it another one than it names.</summary>
    public bool IsRunning => StateName == RunningState;

    /// <summary>
    /// The call that an answer is for; null when there is none, or when it is being answered already. While the answer
    /// comes in the call stays in flight: its deadline and the end of the process still end it.
    /// </summary>
    public RuntimeCall? Take(string requestId) =>
        inFlight.TryGetValue(requestId, out var call) && call.TryBeginAnswer() ? call : null;

    /// <summary>The answer broke off: the call waits for another.</summary>
    public static void PutBack(RuntimeCall call) => call.GiveUpAnswer();

    /// <summary>POST …/response, whole; after <see cref="Take"/>.</summary>
    public Task RespondAsync(RuntimeCall call, byte[] payload) =>
        EndAsync(call, InvocationOutcome.Owned(OutcomeKind.Success, payload));

    /// <summary>The response was above the limit.</summary>
    public Task RefuseResponseAsync(RuntimeCall call, long bytesMax) =>
        EndAsync(call, OutcomeErrors.ResponseTooLarge(bytesMax));

    /// <summary>The runtime announced a way of answering that there is not.</summary>
    public Task RefuseResponseModeAsync(RuntimeCall call, string mode) =>
        EndAsync(call, OutcomeErrors.InvalidResponseMode(mode));

    /// <summary>POST …/error: the handler failed with this error object.</summary>
    public Task FailAsync(RuntimeCall call, byte[] error) =>
        EndAsync(call, InvocationOutcome.Owned(OutcomeErrors.KindOf(error), error));

    /// <summary>POST /runtime/init/error.</summary>
    public RuntimeApiAnswer FailInitialization(byte[] error) =>
        ready.TrySetResult(InvocationOutcome.Owned(OutcomeKind.InitializationError, error))
            ? RuntimeApiAnswer.Accepted
            : RuntimeApiAnswer.WrongState;

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await Watching;
        await process.DisposeAsync();
    }

    private async Task EndAsync(RuntimeCall call, InvocationOutcome outcome)
    {
        // What the runtime printed before it answered belongs to the call.
        await process.DrainOutputAsync();
        if (call.TryClaim())
        {
            Finish(call, outcome);
        }
    }

    private void Finish(RuntimeCall call, InvocationOutcome outcome)
    {
        inFlight.TryRemove(call.Invocation.RequestId, out _);
        outcome.Duration = time.GetElapsedTime(call.StartedTimestamp);
        call.Complete(outcome);
    }

    /// <summary>Output has no call in it: it belongs to the one in flight when there is only one.</summary>
    private void WriteOutput(ReadOnlyMemory<byte> text)
    {
        var call = inFlight.Count == 1 ? inFlight.Values.FirstOrDefault() : null;
        log.Write(call?.Invocation.RequestId, text.Span, call?.Tail);
    }

    private async Task WatchAsync()
    {
        var exit = await process.Exited;
        await process.DrainOutputAsync();
        waiting.Writer.TryComplete();
        foreach (var (requestId, call) in inFlight)
        {
            if (call.TryClaim())
            {
                Finish(call, OutcomeErrors.Exited(requestId, exit));
            }
        }

        ready.TrySetResult(OutcomeErrors.Exited("", exit));
        closed.TrySetResult();
    }
}
