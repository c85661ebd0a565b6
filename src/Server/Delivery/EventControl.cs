using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>An event as its owner sees it: on its way, or ended and remembered. One of the two is set.</summary>
internal sealed record EventView(StoredEvent? Pending, EventResult? Ended, bool IsRunning);

/// <summary>What owners do with their events: look, wait for the end, cancel, send the dead ones again.</summary>
internal sealed class EventControl(
    IStore store,
    LaneBoard board,
    EventEndings endings,
    DeliveryMeter meter,
    Func<EventLane, int> concurrencyOf,
    TimeProvider time)
{
    /// <summary>Dead events that one call sends again.</summary>
    public const int RedriveMax = 10_000;

    /// <summary>No transaction should take long.</summary>
    private const int RedriveStep = 200;

    private static readonly TimeSpan TotalsAge = TimeSpan.FromSeconds(5);

    private readonly Lock totalsGate = new();
    private IReadOnlyDictionary<EventState, long> totals = new Dictionary<EventState, long>();
    private DateTimeOffset totalsAt = DateTimeOffset.MinValue;

    /// <summary>The event of an account by its id. An event of another account is none.</summary>
    public Result<EventView> Get(AccountId account, string id)
    {
        var (stored, ended) = store.Read(
            transaction => (transaction.Events.Get(id), transaction.EventResults.Get(id)));
        if (ended is not null && ended.Target.Account == account)
        {
            return new EventView(null, ended, false);
        }

        return stored is not null && stored.Event.Target.Account == account
            ? new EventView(stored, null, board.IsRunning(stored.Event))
            : NotFound(id);
    }

    /// <summary>The event when it has ended, or as it is when the time is over.</summary>
    public async Task<Result<EventView>> WaitAsync(
        AccountId account, string id, TimeSpan most, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var ended = endings.Of(id);
            var view = Get(account, id);
            var left = most - time.GetElapsedTime(started);
            if (!view.IsSuccess || !IsOnItsWay(view.Value) || left <= TimeSpan.Zero)
            {
                endings.Forget(id);
                return view;
            }

            try
            {
                await ended.WaitAsync(left, time, cancellation);
            }
            catch (TimeoutException)
            {
                // One more look.
            }
        }
    }

    /// <summary>A line as it is now.</summary>
    public LaneView Describe(EventLane lane)
    {
        var (running, pace) = board.Describe(lane);
        return new LaneView(lane, running, concurrencyOf(lane), pace, meter.Read(lane), time.GetUtcNow());
    }

    /// <summary>How many events each line has in each state; of one account or of all.</summary>
    public IReadOnlyList<LaneCount> Counts(AccountId? account) =>
        store.Read(transaction => transaction.Events.Counts(account));

    /// <summary>
    /// The same in sums over all accounts, no older than a few seconds: counting takes long lines long.
    /// </summary>
    public IReadOnlyDictionary<EventState, long> Totals()
    {
        lock (totalsGate)
        {
            var now = time.GetUtcNow();
            if (now - totalsAt >= TotalsAge)
            {
                totalsAt = now;
                totals = Counts(null).GroupBy(count => count.State)
                    .ToDictionary(group => group.Key, group => group.Sum(count => count.Count));
            }

            return totals;
        }
    }

    public DeliveryMeter Meter => meter;

    public int RunningCount => board.RunningCount;

    /// <summary>Lines for which something happened lately, and of which nothing need be left.</summary>
    public IReadOnlyCollection<EventLane> RecentLanes => meter.Lanes;

    public bool IsRunning(StoredEvent stored) => stored.State == EventState.Ready && board.IsRunning(stored.Event);

    public IReadOnlyList<StoredEvent> List(
        AccountId account, string? laneKey, EventState? state, string afterId, int limit) =>
        store.Read(transaction => transaction.Events.List(account, laneKey, state, afterId, limit));

    /// <summary>No further attempt. One that runs goes on to its end; what it comes to still counts.</summary>
    public async Task<Result<EventView>> CancelAsync(
        AccountId account, string id, CancellationToken cancellation)
    {
        var written = await store.WriteAsync<EventView>(
            transaction =>
            {
                if (transaction.Events.Get(id) is not { } stored || stored.Event.Target.Account != account)
                {
                    return transaction.EventResults.Get(id) is { } ended && ended.Target.Account == account
                        ? new Error(ErrorCode.EventEnded, $"The event {id} has ended already: {ended.End}.", "id")
                        : NotFound(id);
                }

                if (board.IsRunning(stored.Event))
                {
                    var marked = stored.Event with { IsCancelled = true };
                    transaction.Events.Change(marked, stored.State);
                    return new EventView(stored with { Event = marked }, null, IsRunning: true);
                }

                var now = time.GetUtcNow();
                var result = new EventResult
                {
                    Id = id,
                    Target = stored.Event.Target,
                    End = EventEnd.Cancelled,
                    AcceptedAt = stored.Event.AcceptedAt,
                    EndedAt = now,
                    Attempts = stored.Event.Attempts,
                    Error = stored.Event.LastError,
                };
                transaction.Events.Delete(id);
                transaction.EventResults.Put(result);
                return new EventView(null, result, IsRunning: false);
            },
            cancellation);
        if (written is { IsSuccess: true, Value: { } view })
        {
            board.Invalidate(EventLane.Of(view.Ended?.Target ?? view.Pending!.Event.Target));
            if (view.Ended is not null)
            {
                endings.Announce(id);
            }
        }

        return written;
    }

    /// <summary>Sends dead events again, the oldest first, as they were and with all their attempts.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="target">Only those for this one.</param>
    /// <param name="count">At most so many, up to <see cref="RedriveMax"/>.</param>
    /// <param name="perSecond">At most so many in a second; null: all at once.</param>
    /// <param name="cancellation">Stops between two steps; what was sent stays sent.</param>
    /// <returns>How many were sent.</returns>
    public async Task<Result<int>> RedriveAsync(
        AccountId account, DeliveryTarget target, int count, double? perSecond, CancellationToken cancellation)
    {
        var lane = EventLane.Of(target);
        var sent = 0;
        var startsAt = time.GetUtcNow();
        while (sent < count)
        {
            var before = sent;
            var step = await store.WriteAsync<int>(
                transaction =>
                {
                    var dead = transaction.Events.List(
                        account, lane.Key, EventState.Dead, "", Math.Min(RedriveStep, count - before));
                    for (var index = 0; index < dead.Count; index++)
                    {
                        var due = perSecond is { } rate
                            ? startsAt + TimeSpan.FromSeconds((before + index) / rate)
                            : startsAt;
                        transaction.Events.Change(SentAgain(dead[index].Event, due), EventState.Waiting);
                    }

                    return dead.Count;
                },
                cancellation);
            if (step.Failed(out var moved, out var failure))
            {
                return failure;
            }

            sent += moved;
            board.Invalidate(lane);
            if (moved == 0)
            {
                break;
            }
        }

        return sent;
    }

    /// <summary>Sends one dead event again, as it was and with all its attempts.</summary>
    public async Task<Result<EventView>> RedriveAsync(AccountId account, string id, CancellationToken cancellation)
    {
        var written = await store.WriteAsync<EventView>(
            transaction =>
            {
                if (transaction.Events.Get(id) is not { } stored || stored.Event.Target.Account != account)
                {
                    return transaction.EventResults.Get(id) is { } ended && ended.Target.Account == account
                        ? new Error(ErrorCode.EventEnded, $"The event {id} has ended already: {ended.End}.", "id")
                        : NotFound(id);
                }

                if (stored.State != EventState.Dead)
                {
                    return new Error(
                        ErrorCode.ResourceConflict,
                        $"The event {id} is on its way: only one that was given up is sent again.",
                        "id");
                }

                var sent = SentAgain(stored.Event, time.GetUtcNow());
                transaction.Events.Change(sent, EventState.Waiting);
                return new EventView(new StoredEvent(sent, EventState.Waiting), null, IsRunning: false);
            },
            cancellation);
        if (written is { IsSuccess: true, Value.Pending: { } pending })
        {
            board.Invalidate(EventLane.Of(pending.Event.Target));
        }

        return written;
    }

    private static AsyncEvent SentAgain(AsyncEvent dead, DateTimeOffset due) =>
        dead with { Attempts = 0, DueAt = due, FirstDueAt = due, IsCancelled = false };

    private static bool IsOnItsWay(EventView view) => view.Pending is { State: not EventState.Dead };

    private static Error NotFound(string id) => new(
        ErrorCode.EventNotFound,
        $"There is no event {id}: it ended and its result was not asked for, or it never was.",
        "id");
}
