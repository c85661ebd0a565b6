namespace Lambent.Sdk;

/// <summary>
/// What a function may know of the call it answers: the second parameter of a handler, or its only one. The runtime
/// supplies it by name and shape, so a function may be built against any version of this interface; members that the
/// runtime does not know are null, zero or false.
/// </summary>
public interface IFunctionContext
{
    /// <summary>
    /// The call's id, a UUID; the caller and the logs know the call by it. The same for every attempt.
    /// </summary>
    string RequestId { get; }

    string FunctionName { get; }

    /// <summary>$LATEST or a number.</summary>
    string FunctionVersion { get; }

    /// <summary>The ARN as the caller qualified it.</summary>
    string InvokedFunctionArn { get; }

    int MemoryMegabytes { get; }

    /// <summary>Time until the function's limit ends the call; never negative.</summary>
    TimeSpan RemainingTime { get; }

    string LogGroup { get; }

    string LogStream { get; }

    /// <summary>The caller's client context as JSON, or null.</summary>
    string? ClientContext { get; }

    /// <summary>The call's X-Amzn-Trace-Id, or null.</summary>
    string? TraceHeader { get; }

    /// <summary>
    /// Cancelled when the caller has gone. A handler that blocks its thread can notice only when it streams or may be
    /// called several times at once; an asynchronous one always.
    /// </summary>
    CancellationToken Cancellation { get; }

    /// <summary>
    /// The request's body as it comes, where the function's URL streams it (tag lambent:request-stream); otherwise
    /// null. At most 256 KiB of it wait unread. A read throws <see cref="IOException"/> when the body broke off.
    /// </summary>
    Stream? RequestBody { get; }

    /// <summary>
    /// Lets the handler write its response piece by piece, at most 200 MiB, instead of returning it. Each write leaves
    /// at once; it waits while 256 KiB are on their way to the caller. The response ends with the handler, whose result
    /// is ignored; an exception before the first write or flush is answered as any other, one after it breaks the
    /// response off. What is written when the caller has gone is dropped.
    /// </summary>
    /// <param name="statusCode">HTTP status; 200 when null.</param>
    /// <param name="headers">Response headers; content-type is application/octet-stream unless it is named.</param>
    /// <param name="cookies">Values of Set-Cookie headers.</param>
    /// <exception cref="InvalidOperationException">The response was started before, or the call has ended.</exception>
    Stream StartResponse(
        int? statusCode = null,
        IReadOnlyDictionary<string, string>? headers = null,
        IReadOnlyList<string>? cookies = null);

    /// <summary>Writes a line to the call's log, at level Information.</summary>
    void Log(string message);
}
