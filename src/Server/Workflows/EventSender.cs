using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;

namespace Lambent.Server.Workflows;

/// <summary>Sends events to executions. When it says yes, the event is on stable storage.</summary>
internal sealed class EventSender(IStore store, string region)
{
    /// <param name="runner">Who runs the execution.</param>
    /// <param name="id">Which; one that went on as a new one passes it to that.</param>
    /// <param name="name">Valid.</param>
    /// <param name="data">What comes with it.</param>
    /// <param name="key">By which it is known again when it is sent twice, or null.</param>
    /// <returns>False when it was received before.</returns>
    public async Task<Result<bool>> SendAsync(
        ExecutionRunner runner, ExecutionId id, string name, DataValue data, string? key)
    {
        while (true)
        {
            EventReceipt? receipt = null;
            var said = await runner.SayAsync(id, (interpreter, now) =>
            {
                receipt = interpreter.Receive(name, data, key, now);
                return receipt == EventReceipt.Received;
            });
            if (said.Error is { } failure)
            {
                return failure;
            }

            if (receipt != EventReceipt.Over)
            {
                return receipt == EventReceipt.Full
                    ? new Error(
                        ErrorCode.WorkflowQuotaExceeded,
                        $"{id.Machine}/{id.Name} has {Limits.WorkflowEventsWaitingMax} events that no state has waited "
                        + "for yet, and takes no more.")
                    : receipt == EventReceipt.Received;
            }

            var ended = store.Read(transaction => transaction.Executions.Get(id));
            if (ended?.ContinuedAs is not { } next)
            {
                return ended is null ? WorkflowErrors.ExecutionNotFound(id, region) : new Error(
                    ErrorCode.WorkflowConflict,
                    $"{id.Machine}/{id.Name} has ended ({ExecutionFiles.StatusText(ended.Status)}): no state of it "
                    + "will wait for an event.");
            }

            id = id with { Name = next };
        }
    }
}
