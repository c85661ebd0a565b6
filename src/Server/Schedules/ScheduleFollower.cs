using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Workflows;

namespace Lambent.Server.Schedules;

/// <summary>
/// Waits for the end of what a schedule handed over or began last, when its next occurrences wait for that, and makes
/// the schedule due. Only so that it happens at once: what is due is in the store, and is looked at once a minute
/// anyway.
/// </summary>
/// <param name="store">Where schedules and events are.</param>
/// <param name="endings">Tells that an event ended.</param>
/// <param name="wake">Wakes the loop of the schedules.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Nobody is followed any more.</param>
internal sealed class ScheduleFollower(
    IStore store, EventEndings endings, Action wake, TimeProvider time, CancellationToken stopping)
{
    /// <summary>What is followed, by the schedule that waits for it.</summary>
    private readonly ConcurrentDictionary<ScheduleId, string> followed = new();

    /// <summary>Whether what was handed over under this id is still being worked on, its retries included.</summary>
    public static bool IsUnderWay(ITransaction transaction, AccountId account, string deliveryId) =>
        transaction.Events.Get(deliveryId) is { State: not EventState.Dead }
        || ExecutionWriter.IsUnderWay(transaction, account, deliveryId);

    /// <summary>After a turn was committed that left occurrences waiting.</summary>
    public void Follow(Schedule schedule)
    {
        if (schedule.LastDeliveryId is not { } deliveryId
            || (followed.TryGetValue(schedule.Id, out var known) && known == deliveryId))
        {
            return;
        }

        followed[schedule.Id] = deliveryId;
        _ = FollowAsync(schedule.Id, deliveryId);
    }

    private async Task FollowAsync(ScheduleId id, string deliveryId)
    {
        try
        {
            // Asked for before looking, so that nothing falls between.
            var ended = endings.Of(deliveryId);
            if (store.Read(transaction => IsUnderWay(transaction, id.Account, deliveryId)))
            {
                await ended.WaitAsync(stopping);
            }

            await store.WriteAsync<Done>(
                transaction =>
                {
                    if (transaction.Schedules.Get(id) is { } schedule
                        && ScheduleTurn.AfterEnd(schedule, deliveryId, time.GetUtcNow()) is { } due)
                    {
                        transaction.Schedules.Put(due);
                    }

                    return Done.Value;
                },
                stopping);
        }
        catch (Exception failure) when (failure is OperationCanceledException or StoreException)
        {
            // The next look finds it, a minute later or after the next start.
        }
        finally
        {
            followed.TryRemove(KeyValuePair.Create(id, deliveryId));
            endings.Forget(deliveryId);
        }

        wake();
    }
}
