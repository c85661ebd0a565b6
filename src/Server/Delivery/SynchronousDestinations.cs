using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Server.Functions;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Delivery;

/// <summary>
/// Hands the result of a synchronous call to the function's synchronous destination as well: on stable storage before
/// the caller is answered, so that whoever saw the answer can rely on it.
/// </summary>
internal sealed partial class SynchronousDestinations(
    IStore store,
    TargetWriter writer,
    string region,
    Func<string> newId,
    TimeProvider time,
    ILogger<SynchronousDestinations> logger)
{
    /// <summary>
    /// Writes the record of a call. A destination that is not there or cannot take it does not fail the call: what it
    /// refused is remembered under the call's id.
    /// </summary>
    /// <param name="function">The snapshot the call was routed with; it has a synchronous destination.</param>
    /// <param name="invocation">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="response">What it answered; empty when that was streamed.</param>
    /// <param name="version">The version that ran.</param>
    /// <exception cref="StoreException">It cannot be written; the caller must not be told of a success.</exception>
    public async ValueTask HandOverAsync(
        FunctionSnapshot function,
        Invocation invocation,
        InvocationOutcome outcome,
        ReadOnlyMemory<byte> response,
        string version)
    {
        var target = function.SyncDestination!;
        var end = outcome.IsSuccess ? EventEnd.Succeeded : EventEnd.RetriesExhausted;
        var now = time.GetUtcNow();
        var record = new DestinationRecord
        {
            RequestId = invocation.RequestId,
            FunctionArn = $"{function.Arn}:{Qualifier(function, invocation)}",
            End = end,
            InvokeCount = 1,
            At = now,
            Request = invocation.Payload,
            ExecutedVersion = version,
            IsFunctionError = !outcome.IsSuccess,
            Response = response,
        };
        var delivery = new TargetDelivery
        {
            Id = newId(),
            Payload = record.ToJson(),
            Source = $"destination:{function.Function.Id.Name}",
            At = now,
            GroupId = function.Function.Id.Name,
            TraceHeader = XRayHeader.Format(invocation.Trace.Passed),
        };
        var written = await store.WriteAsync<string>(transaction =>
        {
            if (TargetWriter.Put(transaction, target, delivery).Error is not { } refused)
            {
                return "";
            }

            transaction.EventResults.Put(new EventResult
            {
                Id = invocation.RequestId,
                Target = DeliveryTarget.OfFunction(function.Function.Id),
                End = end,
                AcceptedAt = now,
                EndedAt = now,
                Attempts = 1,
                DestinationError = $"{target.Arn(region)}: {refused.Message}",
            });
            return refused.Message;
        });
        if (written.Value.Length == 0)
        {
            writer.Announce(target);
        }
        else
        {
            LogRefused(function.Function.Id.Name, target.Arn(region), written.Value);
        }
    }

    private static string Qualifier(FunctionSnapshot function, Invocation invocation) =>
        invocation.InvokedArn.Length > function.Arn.Length
            ? invocation.InvokedArn[(function.Arn.Length + 1)..]
            : FunctionVersion.LatestName;

    [LoggerMessage(211, LogLevel.Warning, "The synchronous destination of {Function}, {Target}, refused: {Refusal}")]
    private partial void LogRefused(string function, string target, string refusal);
}
