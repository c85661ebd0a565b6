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
    /// Cancelled when the caller has gone. A handler that blocks its thread can notice only when it may be called
    /// several times at once; an asynchronous one always.
    /// </summary>
    CancellationToken Cancellation { get; }

    /// <summary>Writes a line to the call's log, at level Information.</summary>
    void Log(string message);
}
