namespace Lambent.Simulation.Scheduling;

/// <summary>
/// The clock of a machine. Timestamps and timers go with the world's time; the time of day is that plus what somebody
/// set the clock forward or back.
/// </summary>
internal sealed class WorldClock(Scheduler scheduler)
{
    private static readonly DateTimeOffset Start = new(2030, 3, 31, 0, 30, 0, TimeSpan.Zero);

    /// <summary>What the clock was set forward; negative: back.</summary>
    public TimeSpan SetForward { get; set; }

    public DateTimeOffset TimeOfDay => Start + scheduler.Now + SetForward;

    /// <summary>The clock as the code of one actor sees it; its timers end with the actor.</summary>
    public TimeProvider For(Actor actor, Random chance) => new ActorTime(this, scheduler, actor, chance);

    private sealed class ActorTime(WorldClock clock, Scheduler scheduler, Actor actor, Random chance) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow()
        {
            scheduler.LookAtClock();
            return clock.TimeOfDay;
        }

        public override long GetTimestamp() => scheduler.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new WorldTimer(scheduler, actor, chance, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    /// <summary>A timer is never early, and often a little late.</summary>
    private sealed class WorldTimer(
        Scheduler scheduler, Actor actor, Random chance, TimerCallback callback, object? state) : ITimer
    {
        private const int LateMillisecondsMax = 3;

        private Alarm? alarm;
        private TimeSpan period;
        private bool disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            alarm?.TurnOff();
            alarm = null;
            this.period = period;
            if (disposed)
            {
                return false;
            }

            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Set(dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            disposed = true;
            alarm?.TurnOff();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan delay) => alarm = scheduler.After(
            delay + TimeSpan.FromMilliseconds(chance.Next(LateMillisecondsMax + 1)), actor, Ring);

        private void Ring()
        {
            if (period > TimeSpan.Zero)
            {
                Set(period);
            }

            callback(state);
        }
    }
}
