using Lambent.Kernel.Traces;

namespace Lambent.Kernel.Invocations;

/// <summary>One call on its way into an environment.</summary>
public sealed class Invocation
{
    /// <summary>A UUID; what the caller, the handler, the logs and the trace know the call by.</summary>
    public required string RequestId { get; init; }

    /// <summary>The ARN as the caller qualified it; the handler sees it in its context.</summary>
    public required string InvokedArn { get; init; }

    /// <summary>The event: JSON for the Lambda API's calls.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Client context as JSON text, or null.</summary>
    public string? ClientContext { get; init; }

    /// <summary>
    /// Its place in a trace. Where only the parent was known, or not even that, the dispatcher gives it the rest.
    /// </summary>
    public CallTrace Trace { get; set; }

    /// <summary>How long it waited to be dispatched, after it was accepted.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>What it comes from besides the kind of caller: a name of a queue, schedule or execution.</summary>
    public string? CameFrom { get; init; }

    /// <summary>The call that this one repeats, or null.</summary>
    public string? ReplayOf { get; init; }

    /// <summary>Whether the caller wants the last 4 KiB of the log with the answer.</summary>
    public bool WantsLogTail { get; init; }

    /// <summary>Where a streamed response goes; null: the caller wants it whole.</summary>
    public IResponseStream? ResponseStream { get; init; }

    /// <summary>Bytes of a streamed response, without its metadata; one that grows above it is broken off.</summary>
    public long StreamedResponseBytesMax { get; init; } = Limits.StreamedResponseBytesMax;

    /// <summary>
    /// The request's body when the handler reads it while it comes; null: it is in the event. Read from until the
    /// outcome's <see cref="InvocationOutcome.StreamsEnded"/>.
    /// </summary>
    public Stream? RequestBody { get; init; }
}

/// <summary>
/// Takes a streamed response while the handler writes it. A slow taker slows the handler. The call's outcome says
/// whether the stream ended well, and when the last write is over.
/// </summary>
public interface IResponseStream
{
    /// <summary>Cancelled when there is nobody left to write to.</summary>
    CancellationToken CallerGone => CancellationToken.None;

    /// <summary>Called at most once, before the first write.</summary>
    /// <param name="prelude">JSON with statusCode, headers and cookies, or empty when the handler set none.</param>
    ValueTask StartAsync(ReadOnlyMemory<byte> prelude);

    ValueTask WriteAsync(ReadOnlyMemory<byte> chunk);
}
