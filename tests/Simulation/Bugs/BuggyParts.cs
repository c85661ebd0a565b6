using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Bugs;

/// <summary>What is put between the real parts for each planted bug; null for none.</summary>
internal static class BuggyParts
{
    public static Func<SimulatedStore, IStore>? Store(PlantedBug bug) =>
        bug == PlantedBug.AcknowledgeBeforeCommit ? store => new EarlyStore(store) : null;

    public static Func<IMessageTable, IMessageTable>? Messages(PlantedBug bug) => bug switch
    {
        PlantedBug.LostDeadLetter => table => TableProxy.Around(
            table,
            (method, arguments, proceed) =>
                method == "Add" && ((MessageContent)arguments[2]!).DeadLetterSourceArn is not null ? null : proceed()),
        PlantedBug.ForgottenVisibility => table => TableProxy.Around(
            table,
            (method, arguments, proceed) =>
            {
                if (method == "Change" && arguments[1] is MessageState { ReceivedAt: { } receivedAt } state)
                {
                    arguments[1] = state with { VisibleAt = receivedAt };
                }

                return proceed();
            }),
        _ => null,
    };

    private sealed class EarlyStore(SimulatedStore store) : IStore
    {
        public Task<Result<T>> WriteAsync<T>(
            Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
        {
            // Only sends: what sets the world up is not what the bug is about.
            if (typeof(T) != typeof(IReadOnlyList<Result<SentMessage>>))
            {
                return store.WriteAsync(body, cancellation);
            }

            var result = store.RunAndTakeBack(body);
            _ = store.WriteAsync(body, cancellation);
            return Task.FromResult(result);
        }

        public T Read<T>(Func<ITransaction, T> body) => store.Read(body);
    }
}
