using Lambent.Kernel;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Loops;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Schedules;

/// <summary>
/// The one loop of all schedules. It sleeps until the next one is due, and then takes those that are, some hundreds in
/// a transaction. A schedule's step to its next time and the hand-over of this one are in the same transaction: after a
/// crash either both are there or neither, and of two servers on one store one does it.
/// </summary>
internal sealed partial class ScheduleRunner : IAsyncDisposable
{
    /// <summary>So that other writes do not wait long for this one.</summary>
    private const int SchedulesAtOnceMax = 250;

    /// <summary>The clock may have been set meanwhile.</summary>
    private static readonly TimeSpan SleepMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>A time zone that is no longer installed may come back.</summary>
    private static readonly TimeSpan PauseOfUnreadable = TimeSpan.FromHours(1);

    private readonly IStore store;
    private readonly ScheduleBook book;
    private readonly ScheduleHandover handover;
    private readonly Func<string> newId;
    private readonly TimeProvider time;
    private readonly ILogger<ScheduleRunner> logger;
    private readonly WakeSignal signal;
    private readonly ScheduleFollower follower;
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public ScheduleRunner(
        IStore store,
        ScheduleBook book,
        ScheduleHandover handover,
        EventEndings endings,
        Func<string> newId,
        TimeProvider time,
        ILogger<ScheduleRunner> logger)
    {
        this.store = store;
        this.book = book;
        this.handover = handover;
        this.newId = newId;
        this.time = time;
        this.logger = logger;
        signal = new WakeSignal(time);
        follower = new ScheduleFollower(store, endings, Wake, time, stopping.Token);
    }

    public void Start()
    {
        store.InDoubt += Wake;
        loop = RunAsync();
    }

    /// <summary>A schedule may be due earlier than the loop knows.</summary>
    public void Wake() => signal.Wake();

    public async ValueTask DisposeAsync()
    {
        store.InDoubt -= Wake;
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    /// <summary>Takes schedules that are due, in one transaction.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> TakeDueAsync(CancellationToken cancellation)
    {
        if (store.Read(transaction => transaction.Schedules.NextDue()) is not { } next || next > time.GetUtcNow())
        {
            return 0;
        }

        List<Action> announced = [];
        List<Schedule> waiting = [];
        try
        {
            var taken = await store.WriteAsync<int>(
                transaction =>
                {
                    announced.Clear();
                    waiting.Clear();
                    var now = time.GetUtcNow();
                    var due = transaction.Schedules.Due(now, SchedulesAtOnceMax);
                    foreach (var schedule in due)
                    {
                        Take(transaction, schedule, now, announced, waiting);
                    }

                    return due.Count;
                },
                cancellation);
            return taken.Value;
        }
        finally
        {
            // Also when the store says that it failed: it may be written all the same, and then nobody else looks.
            announced.ForEach(announce => announce());
            waiting.ForEach(follower.Follow);
        }
    }

    private void Take(
        ITransaction transaction,
        Schedule schedule,
        DateTimeOffset now,
        List<Action> announced,
        List<Schedule> waiting)
    {
        var schedules = transaction.Schedules;
        if (book.Times(schedule.Settings).Failed(out var times, out var unreadable))
        {
            LogUnreadable(schedule.Id.Name, unreadable.Message);
            schedules.Put(schedule with { DueAt = now + PauseOfUnreadable });
            return;
        }

        var turn = ScheduleTurn.Take(
            schedule,
            times,
            now,
            id => ScheduleFollower.IsUnderWay(transaction, schedule.Id.Account, id),
            newId);
        var after = turn.Next;
        List<MissedOccurrences> missed = [.. turn.Missed];
        foreach (var occurrence in turn.Fired)
        {
            if (handover.Put(transaction, schedule, occurrence, now).Failed(out var announce, out var refusal))
            {
                after = Refuse(transaction, after, occurrence, refusal, now, missed, announced);
            }
            else
            {
                announced.Add(announce);
            }
        }

        if (after is { IsOver: true, Settings.DeletesWhenOver: true })
        {
            schedules.Delete(schedule.Id);
            return;
        }

        // What waits for an occurrence that is held is looked at when that one is due: nothing ends that could be told.
        if (!after.Waiting.IsEmpty && after.LastDeliveryId is { } last
            && ScheduleFollower.IsUnderWay(transaction, after.Id.Account, last))
        {
            waiting.Add(after);
        }

        schedules.Put(after);
        foreach (var row in missed)
        {
            schedules.AddMissed(schedule.Id, row, now);
        }
    }

    private Schedule Refuse(
        ITransaction transaction,
        Schedule schedule,
        Occurrence occurrence,
        Error refusal,
        DateTimeOffset now,
        List<MissedOccurrences> missed,
        List<Action> announced)
    {
        var (after, row) = ScheduleTurn.Refuse(
            schedule, occurrence, ScheduleHandover.IsFinal(refusal), refusal.Message, now);
        if (row is not null)
        {
            missed.Add(row);
            LogGivenUp(schedule.Id.Name, occurrence.ScheduledAt, refusal.Message);
            if (handover.PutDeadLetter(transaction, schedule, occurrence, refusal, now) is { } announce)
            {
                announced.Add(announce);
            }
        }

        return after;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    if (await TakeDueAsync(stopping.Token) == 0)
                    {
                        await SleepAsync();
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // What is due stays due; on a full disk it must not be tried without a pause.
                    LogFailed(failure);
                    await Task.Delay(PauseAfterFailure, time, stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is due is found by the next start.
        }
    }

    private async Task SleepAsync()
    {
        var now = time.GetUtcNow();
        var next = store.Read(transaction => transaction.Schedules.NextDue());
        var delay = next is { } due && due - now < SleepMax ? due - now : SleepMax;
        if (delay > TimeSpan.Zero)
        {
            await signal.WaitAsync(delay, stopping.Token);
        }
    }

    [LoggerMessage(2301, LogLevel.Error, "Schedules that are due could not be taken; they stay due")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(2302, LogLevel.Error, "The times of schedule {Schedule} cannot be told: {Reason}")]
    private partial void LogUnreadable(string schedule, string reason);

    [LoggerMessage(
        2303, LogLevel.Warning, "Schedule {Schedule} could not hand over its occurrence of {ScheduledAt}: {Reason}")]
    private partial void LogGivenUp(string schedule, DateTimeOffset scheduledAt, string reason);
}
