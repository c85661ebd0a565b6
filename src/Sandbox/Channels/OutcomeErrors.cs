using System.Globalization;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// The error objects that the platform makes when the function's runtime could not, in AWS Lambda's words.
/// </summary>
public static class OutcomeErrors
{
    private const string ResponseTooLargeType = "Function.ResponseSizeTooLarge";

    public static InvocationOutcome TimedOut(string requestId, TimeSpan timeout) => Create(
        OutcomeKind.TimedOut,
        "Sandbox.Timedout",
        string.Create(
            CultureInfo.InvariantCulture,
            $"RequestId: {requestId} Error: Task timed out after {timeout.TotalSeconds:0.00} seconds"));

    /// <summary>The code was still loading when the time for that was over.</summary>
    public static InvocationOutcome InitializationTimedOut(TimeSpan limit) => Create(
        OutcomeKind.TimedOut,
        "Sandbox.Timedout",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Error: The initialization timed out after {limit.TotalSeconds:0.00} seconds"));

    public static InvocationOutcome Exited(string requestId, SandboxExit exit)
    {
        var prefix = requestId.Length == 0 ? "Error: " : $"RequestId: {requestId} Error: ";
        if (exit.OutOfMemory)
        {
            return Create(
                OutcomeKind.OutOfMemory,
                "Runtime.OutOfMemory",
                prefix + "Runtime exited with error: signal: killed");
        }

        return Create(
            OutcomeKind.Exited,
            "Runtime.ExitError",
            prefix + (exit.ExitStatus == 0
                ? "Runtime exited without providing a reason"
                : $"Runtime exited with error: {exit.Description}"));
    }

    public static InvocationOutcome ResponseTooLarge() => ResponseTooLarge(Limits.ResponsePayloadBytesMax);

    /// <param name="bytesMax">The limit that was passed: another one when the response was streamed.</param>
    public static InvocationOutcome ResponseTooLarge(long bytesMax) => Create(
        OutcomeKind.ResponseTooLarge,
        ResponseTooLargeType,
        $"Response payload size exceeded maximum allowed payload size ({bytesMax} bytes).");

    /// <summary>The runtime asked for a way of answering that does not exist.</summary>
    public static InvocationOutcome InvalidResponseMode(string mode) => Create(
        OutcomeKind.InvalidResponse,
        "Runtime.InvalidResponseModeHeader",
        $"Lambda-Runtime-Function-Response-Mode must be streaming or absent: {mode[..Math.Min(mode.Length, 40)]}");

    public static InvocationOutcome InvalidEntrypoint(string detail) => Create(
        OutcomeKind.InitializationError, "Runtime.InvalidEntrypoint", detail);

    /// <summary>What kind of end an error object of a runtime means.</summary>
    public static OutcomeKind KindOf(ReadOnlySpan<byte> error) =>
        error.IndexOf("\"Function.ResponseSizeTooLarge\""u8) >= 0
            ? OutcomeKind.ResponseTooLarge
            : OutcomeKind.HandlerError;

    private static InvocationOutcome Create(OutcomeKind kind, string type, string message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("errorType", type);
            json.WriteString("errorMessage", message);
            json.WriteEndObject();
        }

        return InvocationOutcome.Owned(kind, buffer.ToArray());
    }
}
