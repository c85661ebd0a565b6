using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Delivery;

/// <summary>
/// Takes ready events off the board, attempts them, and has written what came of it. An attempt whose outcome was not
/// written is made again by the next start: a handler may see an event twice and never not at all.
/// </summary>
internal sealed partial class EventRunner : IAsyncDisposable
{
    private const int PromotedAtOnceMax = 1_000;

    /// <summary>The loop looks around at least this often, whatever else it was told.</summary>
    private static readonly TimeSpan RoundMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    private static bool isPassingOn;

    private readonly IStore store;
    private readonly LaneBoard board;
    private readonly WakeSignal wake;
    private readonly DeliveryLease lease;
    private readonly OutcomeQueue outcomes;
    private readonly TargetWriter writer;
    private readonly EventEndings endings;
    private readonly DeliveryMeter meter;
    private readonly LaneTargets laneTargets;
    private readonly EventSweeper sweeper;
    private readonly EventProbe probe;
    private readonly IReadOnlyDictionary<DeliveryTargetKind, IEventTarget> targets;
    private readonly Func<string> newId;
    private readonly Random chance;
    private readonly TimeProvider time;
    private readonly ILogger<EventRunner> logger;
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;
    private DateTimeOffset renewAt = DateTimeOffset.MinValue;
    private DateTimeOffset askAt = DateTimeOffset.MinValue;
    private DateTimeOffset sweepAt = DateTimeOffset.MinValue;

    /// <summary>Set when writes may be there of which nobody was told.</summary>
    private volatile bool isInDoubt;
    private volatile bool isHolder;

    public EventRunner(DeliveryParts parts, ILogger<EventRunner> logger)
    {
        (store, board, wake, lease) = (parts.Store, parts.Board, parts.Wake, parts.Lease);
        (writer, endings, meter) = (parts.Writer, parts.Endings, parts.Meter);
        (targets, newId, chance, time) = (parts.Targets, parts.NewId, parts.Chance, parts.Time);
        laneTargets = parts.LaneTargets;
        outcomes = new OutcomeQueue(store, parts.Settler, time, stopping.Token);
        sweeper = new EventSweeper(store, meter);
        probe = new EventProbe(store, board, parts.Lease.SharesStore, time);
        this.logger = logger;
        store.InDoubt += Doubt;
    }

    public void Start() => loop = RunAsync();

    /// <summary>
    /// Takes no new events. One that is cut off with its environment is left as it was: the next start delivers it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        store.InDoubt -= Doubt;
        await stopping.CancelAsync();
        await loop;
        await outcomes.FlushAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await RoundAsync();
                }
                catch (StoreException refused)
                {
                    // The disk is full, or the like: events stay where they are. What was refused may be on the disk
                    // all the same, so nothing that is known of the lines holds any more: begin as after a start.
                    isHolder = false;
                    LogStoreRefused(refused);
                    await wake.WaitAsync(PauseAfterFailure, stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is left is in the store.
        }
    }

    private async Task RoundAsync()
    {
        var now = time.GetUtcNow();
        if (!await HoldAsync(now))
        {
            await wake.WaitAsync(DeliveryLease.Duration / 3, stopping.Token);
            return;
        }

        if (now >= sweepAt)
        {
            sweepAt = now + EventSweeper.Period;
            await sweeper.SweepAsync(now, stopping.Token);
        }

        if (isInDoubt)
        {
            isInDoubt = false;
            BeginAnew();
        }
        else if (probe.IsDue)
        {
            probe.Look();
        }

        var promoted = await PromoteAsync(now);
        var pauseEnd = board.EndPauses(now);
        ReadHeads();
        AskTargets(now);
        while (board.Take() is { } next)
        {
            _ = DeliverAsync(next);
        }

        if (!promoted)
        {
            var until = Earliest(board.NextWaiting.At, pauseEnd, board.IsEmpty ? renewAt : askAt) - time.GetUtcNow();
            var roundMax = probe.UntilDue < RoundMax ? probe.UntilDue : RoundMax;
            await wake.WaitAsync(until < roundMax ? until : roundMax, stopping.Token);
        }
    }

    private void AskTargets(DateTimeOffset now)
    {
        if (laneTargets.HasBegun)
        {
            laneTargets.AskForBegun(board, store, now);
        }

        if (now >= askAt)
        {
            askAt = now + LaneTargets.Period;
            laneTargets.AskForAll(board, store, now);
        }
    }

    private static DateTimeOffset Earliest(DateTimeOffset? first, DateTimeOffset? second, DateTimeOffset third)
    {
        var earliest = first < third ? first.Value : third;
        return second < earliest ? second.Value : earliest;
    }

    /// <summary>Renews the right to deliver, or takes it, and then begins with what the store has.</summary>
    private async Task<bool> HoldAsync(DateTimeOffset now)
    {
        if (isHolder && now < renewAt)
        {
            return true;
        }

        var wasHolder = isHolder;
        isHolder = await lease.TakeAsync(stopping.Token) is not null;
        renewAt = now + (DeliveryLease.Duration / 3);
        if (isHolder && !wasHolder)
        {
            BeginAnew();
        }

        return isHolder;
    }

    /// <summary>What is known of lines from an earlier time may be over since, and others may have come.</summary>
    private void BeginAnew()
    {
        board.InvalidateAll();
        foreach (var lane in store.Read(transaction => transaction.Events.ReadyLanes()))
        {
            board.Invalidate(lane);
        }
    }

    private void Doubt()
    {
        isInDoubt = true;
        wake.Wake();
    }

    /// <summary>Events whose time has come get into their lines.</summary>
    /// <returns>Whether there may be more of them.</returns>
    private async Task<bool> PromoteAsync(DateTimeOffset now)
    {
        var (known, notes) = board.NextWaiting;
        if (known is null || known > now)
        {
            return false;
        }

        board.BeginPromotion(now);
        var lanes = new HashSet<EventLane>();
        var count = store.Read(transaction => transaction.Events.NextWaiting()) is { } next && next <= now
            ? (await store.WriteAsync<int>(
                transaction =>
                {
                    lanes.Clear();
                    return transaction.Events.Promote(now, PromotedAtOnceMax, lanes);
                },
                stopping.Token)).Value
            : 0;
        board.SetNextWaiting(notes, store.Read(transaction => transaction.Events.NextWaiting()));
        foreach (var lane in lanes)
        {
            board.Refresh(lane);
        }

        return count == PromotedAtOnceMax;
    }

    private void ReadHeads()
    {
        while (board.NextToRead() is var (lane, after))
        {
            try
            {
                board.EndReading(lane, store.Read(transaction => transaction.Events.Ready(
                    lane.Lane, after, LaneQueue.EventsMax, LaneQueue.PayloadBytesMax)));
            }
            catch
            {
                board.AbandonReading(lane);
                throw;
            }
        }
    }

    private async Task DeliverAsync(AsyncEvent taken)
    {
        try
        {
            var target = targets[taken.Target.Kind];
            var settings = target.SettingsOf(taken).With(taken.Policy);
            if (EventDelivery.BeforeAttempt(taken, settings, time.GetUtcNow()) is { } end)
            {
                await SettleAsync(SettlementOf(
                    taken, new(end, taken), new AttemptReport(AttemptResult.Failed), settings));
                return;
            }

            var started = time.GetTimestamp();
            var report = await target.AttemptAsync(taken, stopping.Token);
            if (report.Result == AttemptResult.Refused
                || (report.Result != AttemptResult.Succeeded && stopping.IsCancellationRequested))
            {
                meter.Refuse(taken.Lane, report.Error);
                board.Refuse(taken, time.GetUtcNow(), chance.NextDouble());
                return;
            }

            meter.Attempt(taken.Lane, time.GetElapsedTime(started));
            var decision = EventDelivery.Decide(taken, report, settings, time.GetUtcNow(), chance.NextDouble());
            var settlement = SettlementOf(taken, decision, report, settings);
            if (EventSettler.IsPlain(settlement) && !outcomes.IsFull)
            {
                PassPlaceOn(taken);
            }

            await SettleAsync(settlement);
        }
        catch (Exception exception)
        {
            // A bug, or the end of the server. The event stays in the store and in its line.
            LogDeliveryFailed(taken.Id, taken.Target.Name, exception);
            board.Refuse(taken, time.GetUtcNow(), chance.NextDouble());
        }
    }

    /// <summary>
    /// The next event need not wait until this one's end is written, nor for the loop: it goes on here, where the
    /// environment has just become free.
    /// </summary>
    private void PassPlaceOn(AsyncEvent ran)
    {
        // Calls that end at once would pile up on the stack.
        var goesOn = !isPassingOn && isHolder && !stopping.IsCancellationRequested;
        if (board.Finish(ran, takesNext: goesOn) is { } next)
        {
            isPassingOn = true;
            _ = DeliverAsync(next);
            isPassingOn = false;
        }
    }

    /// <summary>With ids for what goes elsewhere, which most events have not.</summary>
    private Settlement SettlementOf(
        AsyncEvent attempted, DeliveryDecision decision, AttemptReport report, DeliverySettings settings) =>
        settings.HandsOn
            ? new Settlement(attempted, decision, report, settings, newId(), newId())
            : new Settlement(attempted, decision, report, settings, "", "");

    /// <summary>
    /// Writes the outcome, for as long as it takes: a handler that ran must not run again because the disk was full for
    /// a while.
    /// </summary>
    private async Task SettleAsync(Settlement settlement)
    {
        var attempted = settlement.Attempted;
        while (true)
        {
            try
            {
                var written = await outcomes.WriteAsync(settlement);
                if (written.Failed(out var settled, out _))
                {
                    // Somebody else delivers now: nothing more is taken here until the lease is ours again.
                    isHolder = false;
                    board.End(attempted, dueAgainAt: null);
                    return;
                }

                Finish(attempted, settled);
                return;
            }
            catch (StoreException refused) when (!stopping.IsCancellationRequested)
            {
                LogOutcomeRefused(attempted.Id, attempted.Target.Name, refused);
                await Task.Delay(PauseAfterFailure, time, stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Finish(AsyncEvent attempted, Settled settled)
    {
        board.End(attempted, settled.DueAgainAt);
        foreach (var target in settled.Told)
        {
            writer.Announce(target);
        }

        if (settled.DestinationError is { } refusal)
        {
            LogDestinationRefused(attempted.Id, attempted.Target.Name, refusal);
        }

        if (settled.DueAgainAt is null)
        {
            endings.Announce(attempted.Id);
        }

        if (settled.End is { } end)
        {
            meter.End(attempted.Lane, end);
            if (settled.IsDead)
            {
                LogGivenUp(attempted.Id, attempted.Target.Name, end);
            }
        }
    }

    [LoggerMessage(201, LogLevel.Warning, "Event {EventId} for {Target} could not be delivered; it is kept")]
    private partial void LogDeliveryFailed(string eventId, string target, Exception exception);

    [LoggerMessage(
        202, LogLevel.Warning, "Event {EventId} for {Target} ended as {End}; it is kept among the dead events")]
    private partial void LogGivenUp(string eventId, string target, EventEnd end);

    [LoggerMessage(203, LogLevel.Warning, "Events cannot be taken now; they are kept")]
    private partial void LogStoreRefused(Exception exception);

    [LoggerMessage(204, LogLevel.Warning, "The outcome of event {EventId} for {Target} cannot be written yet")]
    private partial void LogOutcomeRefused(string eventId, string target, Exception exception);

    [LoggerMessage(205, LogLevel.Warning, "The record of event {EventId} for {Target} was refused: {Refusal}")]
    private partial void LogDestinationRefused(string eventId, string target, string refusal);
}
