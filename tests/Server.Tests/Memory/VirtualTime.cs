namespace Lambent.Server.Tests.Memory;

/// <summary>A clock that moves only when a test moves it; its timers fire in their order, on that thread.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<VirtualTimer> timers = [];
    private DateTimeOffset now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeNext(end) is { } callback)
        {
            callback();
        }

        lock (gate)
        {
            now = end;
        }
    }

    /// <summary>Whether a timer is set that fires at the time, within a second.</summary>
    public bool HasTimerAt(DateTimeOffset time)
    {
        lock (gate)
        {
            return timers.Any(timer => timer.Due is { } due && (due - time).Duration() < TimeSpan.FromSeconds(1));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (gate)
        {
            timers.Add(timer);
        }

        return timer;
    }

    private Action? TakeNext(DateTimeOffset end)
    {
        lock (gate)
        {
            if (timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is not { } next)
            {
                return null;
            }

            now = next.Due!.Value > now ? next.Due.Value : now;
            next.Due = next.Period > TimeSpan.Zero ? now + next.Period : null;
            return next.Callback;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
    {
        public Action Callback => callback;

        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                Period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
            }

            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                Due = null;
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
