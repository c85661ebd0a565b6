using System.Buffers;

namespace Lambent.Kernel.Invocations;

public enum OutcomeKind
{
    Success,

    /// <summary>The handler threw or rejected; the payload is its error object.</summary>
    HandlerError,

    /// <summary>The code could not be loaded.</summary>
    InitializationError,

    /// <summary>The function's time limit passed; the environment was killed.</summary>
    TimedOut,

    /// <summary>The process ended during the call.</summary>
    Exited,

    OutOfMemory,

    ResponseTooLarge,

    /// <summary>The runtime's answer could not be understood.</summary>
    InvalidResponse,
}

/// <summary>
/// How a call ended in its environment. The payload lives in a pooled buffer: whoever receives the outcome disposes
/// it once it was written to the caller.
/// </summary>
public sealed class InvocationOutcome : IDisposable
{
    private byte[]? rented;
    private readonly int length;

    private InvocationOutcome(OutcomeKind kind, byte[] buffer, int length, bool pooled)
    {
        Kind = kind;
        Payload = buffer.AsMemory(0, length);
        this.length = length;
        rented = pooled ? buffer : null;
    }

    public OutcomeKind Kind { get; }

    public bool IsSuccess => Kind == OutcomeKind.Success;

    /// <summary>
    /// The result, or the error object as the runtime's language shapes it. Empty when it was streamed.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    public string EnvironmentId { get; set; } = "";

    /// <summary>From the hand-over to the runtime until its answer.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Set when this call had to wait for an environment to start: start and load of the code.</summary>
    public TimeSpan? InitDuration { get; set; }

    public int MaxMemoryUsedMegabytes { get; set; }

    /// <summary>The last 4 KiB of the call's log when it was asked for.</summary>
    public byte[]? LogTail { get; set; }

    public int PayloadLength => length;

    /// <summary>
    /// The environment ended before the call reached it: the handler saw nothing, another one may try.
    /// </summary>
    public bool NeverStarted { get; set; }

    /// <summary>
    /// Completes, never faults, when nothing of the call uses its response stream or request body any more: the
    /// environment is free before a slow caller has taken the last of its answer.
    /// </summary>
    public Task StreamsEnded { get; set; } = Task.CompletedTask;

    public static InvocationOutcome Rented(OutcomeKind kind, byte[] rentedBuffer, int length) =>
        new(kind, rentedBuffer, length, pooled: true);

    public static InvocationOutcome Owned(OutcomeKind kind, byte[] payload) =>
        new(kind, payload, payload.Length, pooled: false);

    public void Dispose()
    {
        Payload = default;
        if (Interlocked.Exchange(ref rented, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
