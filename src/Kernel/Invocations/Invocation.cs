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

    /// <summary>X-Amzn-Trace-Id, or null.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>How long it waited to be dispatched, after it was accepted.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>Whether the caller wants the last 4 KiB of the log with the answer.</summary>
    public bool WantsLogTail { get; init; }

    /// <summary>Where a streamed response goes; null: the caller wants it whole.</summary>
    public IResponseStream? ResponseStream { get; init; }

    /// <summary>Bytes of a streamed response, without its metadata; one that grows above it is broken off.</summary>
    public long StreamedResponseBytesMax { get; init; } = Limits.StreamedResponseBytesMax;
}

/// <summary>
/// Takes a streamed response while the handler writes it. A slow taker slows the handler. After the last write the
/// call's outcome says whether the stream ended well.
/// </summary>
public interface IResponseStream
{
    /// <summary>Called at most once, before the first write.</summary>
    /// <param name="prelude">JSON with statusCode, headers and cookies, or empty when the handler set none.</param>
    ValueTask StartAsync(ReadOnlyMemory<byte> prelude);

    ValueTask WriteAsync(ReadOnlyMemory<byte> chunk);
}
