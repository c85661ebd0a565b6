using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Delivery;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Bugs;

/// <summary>What is put between the real parts for each planted bug; null for none.</summary>
internal static class BuggyParts
{
    public static Func<SimulatedStore, IStore>? Store(PlantedBug bug) => bug switch
    {
        PlantedBug.AcknowledgeBeforeCommit => store => new EarlyStore(store),
        PlantedBug.MissingEpochCheck => store => new TrustingStore(store),
        PlantedBug.OccurrenceMarkedLater => store => new TornStore(store),
        PlantedBug.UnlimitedBatches => store => new LimitlessStore(store),
        _ => null,
    };

    /// <param name="bug">Which.</param>
    /// <param name="events">The table.</param>
    /// <param name="remembered">Events as they once were, for the life of a machine.</param>
    public static IEventTable Events(
        PlantedBug bug, IEventTable events, Dictionary<string, StoredEvent> remembered) => bug switch
    {
        PlantedBug.RetryWithNewId => TableProxy.Around(
            events,
            (method, arguments, proceed) =>
            {
                if (method == "Change" && arguments is [AsyncEvent { Attempts: > 0 } next, EventState.Waiting])
                {
                    events.Delete(next.Id);
                    events.Add(next with { Id = next.Id[..^4] + "0bad" }, EventState.Waiting);
                    return true;
                }

                return proceed();
            }),
        PlantedBug.DoubleSuccess => TableProxy.Around(
            events,
            (method, arguments, proceed) =>
            {
                if (arguments is [AsyncEvent { } put, EventState])
                {
                    remembered[put.Id] = new StoredEvent(put, EventState.Ready);
                }

                return proceed() ?? (method == "Get" ? remembered.GetValueOrDefault((string)arguments[0]!) : null);
            }),
        _ => events,
    };

    public static IMessageTable Letters(PlantedBug bug, IMessageTable messages) =>
        bug == PlantedBug.LostEventLetter
            ? TableProxy.Around(
                messages, (method, _, proceed) => method == "Add" ? null : proceed())
            : messages;

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
        PlantedBug.ForgottenRetry => table => TableProxy.Around(
            table,
            (method, arguments, proceed) =>
            {
                // A receive counts; what does not is somebody's wish to see the message later.
                if (method == "Change"
                    && arguments is [QueueLane lane, MessageState next]
                    && table.Find(lane, next.Sequence) is { } before
                    && before.ReceiveCount == next.ReceiveCount
                    && before.VisibleAt < next.VisibleAt)
                {
                    table.Delete(lane, next.Sequence);
                    return null;
                }

                return proceed();
            }),
        _ => null,
    };

    public static IJournalTable Journal(PlantedBug bug, IJournalTable journal) =>
        bug == PlantedBug.UnrecordedTask
            ? TableProxy.Around(
                journal,
                (method, arguments, proceed) =>
                    arguments is [_, _, IReadOnlyList<JournalEvent> events]
                        && events is [{ Type: JournalEventType.TaskSucceeded }]
                        ? true
                        : proceed())
            : journal;

    public static IEventTarget Callbacks(PlantedBug bug, IEventTarget callbacks, Func<string> newId) =>
        bug == PlantedBug.CallbackWithNewId ? new Renaming(callbacks, newId) : callbacks;

    public static IEventTable Owed(PlantedBug bug, IEventTable events) => bug == PlantedBug.LostCallback
        ? TableProxy.Around(
            events,
            (method, arguments, proceed) =>
                method == "Add" && ((AsyncEvent)arguments[0]!).Target.Kind == DeliveryTargetKind.Callback
                    ? null
                    : proceed())
        : events;

    public static IWebhookTable Webhooks(PlantedBug bug, IWebhookTable webhooks) =>
        bug == PlantedBug.ForgottenDelivery
            ? TableProxy.Around(
                webhooks, (method, _, proceed) => method is "FindDelivery" or "PutDelivery" ? null : proceed())
            : webhooks;

    public static IScheduleTable Schedules(PlantedBug bug, IScheduleTable schedules) => bug switch
    {
        PlantedBug.UnlistedMiss => TableProxy.Around(
            schedules, (method, _, proceed) => method == "AddMissed" ? null : proceed()),
        PlantedBug.ForgottenOccurrence => TableProxy.Around(
            schedules,
            (method, arguments, proceed) =>
            {
                if (method == "Put")
                {
                    arguments[0] = (Schedule)arguments[0]! with { Held = [] };
                }

                return proceed();
            }),
        _ => schedules,
    };

    /// <summary>Whoever reads a mapping does not see how many calls at a time it may make.</summary>
    private sealed class LimitlessStore(SimulatedStore store) : IStore
    {
        public event Action? InDoubt
        {
            add => store.InDoubt += value;
            remove => store.InDoubt -= value;
        }

        public Task<Result<T>> WriteAsync<T>(
            Func<ITransaction, Result<T>> body, CancellationToken cancellation = default) =>
            store.WriteAsync(body, cancellation);

        public T Read<T>(Func<ITransaction, T> body)
        {
            var read = store.Read(body);
            return read is EventSourceMapping mapping
                ? (T)(object)(mapping with { Settings = mapping.Settings with { MaximumConcurrency = null } })
                : read;
        }
    }

    /// <summary>Steps of schedules are written by themselves, after what they hand over.</summary>
    private sealed class TornStore(SimulatedStore store) : IStore
    {
        public event Action? InDoubt
        {
            add => store.InDoubt += value;
            remove => store.InDoubt -= value;
        }

        public async Task<Result<T>> WriteAsync<T>(
            Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
        {
            // The runner's writes answer how many schedules there were.
            if (typeof(T) != typeof(int))
            {
                return await store.WriteAsync(body, cancellation);
            }

            List<Schedule> later = [];
            var written = await store.WriteAsync(
                transaction =>
                {
                    later.Clear();
                    return body(Tear(transaction, later));
                },
                cancellation);
            await store.WriteAsync<Done>(
                transaction =>
                {
                    later.ForEach(transaction.Schedules.Put);
                    return Done.Value;
                },
                cancellation);
            return written;
        }

        public T Read<T>(Func<ITransaction, T> body) => store.Read(body);

        private static ITransaction Tear(ITransaction transaction, List<Schedule> later) => TableProxy.Around(
            transaction,
            (method, _, proceed) => method != "get_Schedules" ? proceed() : TableProxy.Around(
                transaction.Schedules,
                (name, arguments, write) =>
                {
                    if (name != "Put")
                    {
                        return write();
                    }

                    later.Add((Schedule)arguments[0]!);
                    return null;
                }));
    }

    private sealed class Renaming(IEventTarget callbacks, Func<string> newId) : IEventTarget
    {
        public DeliverySettings SettingsOf(AsyncEvent candidate) => callbacks.SettingsOf(candidate);

        public ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping) =>
            callbacks.AttemptAsync(
                attempted.Attempts == 0 ? attempted : attempted with { Id = newId() }, stopping);
    }

    private sealed class EarlyStore(SimulatedStore store) : IStore
    {
        public event Action? InDoubt
        {
            add => store.InDoubt += value;
            remove => store.InDoubt -= value;
        }

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

    /// <summary>Whoever settles an event finds the lease that it had, not the one that there is.</summary>
    private sealed class TrustingStore(SimulatedStore store) : IStore
    {
        public event Action? InDoubt
        {
            add => store.InDoubt += value;
            remove => store.InDoubt -= value;
        }

        private Lease? remembered;

        public Task<Result<T>> WriteAsync<T>(
            Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
        {
            if (typeof(T) == typeof(Settled) || typeof(T) == typeof(Settled[]))
            {
                return store.WriteAsync(transaction => body(Deceive(transaction)), cancellation);
            }

            return store.WriteAsync(
                transaction =>
                {
                    var result = body(transaction);
                    remembered = result is { IsSuccess: true, Value: Lease taken } ? taken : remembered;
                    return result;
                },
                cancellation);
        }

        public T Read<T>(Func<ITransaction, T> body) => store.Read(body);

        private ITransaction Deceive(ITransaction transaction) => TableProxy.Around(
            transaction,
            (method, _, proceed) => method == "get_Leases"
                ? TableProxy.Around(
                    transaction.Leases, (name, _, ask) => name == "Get" && remembered is not null ? remembered : ask())
                : proceed());
    }
}
