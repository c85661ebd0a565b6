namespace Lambent.Simulation.Scheduling;

/// <summary>
/// What can happen in a world, and the choice of what happens next. Everything runs on one thread; time stands still
/// while there is anything to do, and then jumps to the next moment at which there is.
/// </summary>
/// <param name="chance">Chooses among what could happen at the same time.</param>
/// <param name="isOrderly">Whether what became ready first happens first, instead of by chance.</param>
internal sealed class Scheduler(Random chance, bool isOrderly)
{
    private const int LooksAtClockMax = 20_000;

    private readonly List<Ready> ready = [];
    private readonly PriorityQueue<Alarm, (long Ticks, long Order)> alarms = new();
    private long order;
    private int looksAtClock;

    /// <summary>Since the world began. It never goes back, whatever clocks on walls do.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Things that happened.</summary>
    public long Steps { get; private set; }

    public void Post(Actor actor, SendOrPostCallback callback, object? state) =>
        ready.Add(new Ready(actor, callback, state));

    /// <summary>Makes something happen later, unless it is cancelled or its actor is dead by then.</summary>
    public Alarm After(TimeSpan delay, Actor actor, Action action)
    {
        var alarm = new Alarm(actor, action);
        var due = delay < TimeSpan.Zero ? Now : Now + delay;
        alarms.Enqueue(alarm, (due.Ticks, order++));
        return alarm;
    }

    /// <summary>Lets one thing happen.</summary>
    /// <returns>False when nothing can happen any more.</returns>
    public bool Step()
    {
        while (ready.Count == 0)
        {
            if (!Advance())
            {
                return false;
            }
        }

        var index = isOrderly ? 0 : chance.Next(ready.Count);
        var chosen = ready[index];
        ready.RemoveAt(index);
        Steps++;
        looksAtClock = 0;
        chosen.Actor.Run(chosen.Callback, chosen.State);
        return true;
    }

    /// <summary>
    /// Time stands still during a step. Code that waits for it by looking again and again would wait for ever, and on a
    /// real clock keeps a processor busy.
    /// </summary>
    public void LookAtClock()
    {
        if (++looksAtClock > LooksAtClockMax)
        {
            throw new InvalidOperationException("It looks at the clock again and again instead of waiting.");
        }
    }

    private bool Advance()
    {
        while (alarms.TryDequeue(out var alarm, out var due))
        {
            if (alarm.IsOff)
            {
                continue;
            }

            Now = new TimeSpan(due.Ticks);
            Ring(alarm);
            while (alarms.TryPeek(out var next, out var nextDue) && nextDue.Ticks == due.Ticks)
            {
                alarms.Dequeue();
                Ring(next);
            }

            return true;
        }

        return false;
    }

    private void Ring(Alarm alarm) => Post(alarm.Actor, static state => ((Alarm)state!).Ring(), alarm);

    private readonly record struct Ready(Actor Actor, SendOrPostCallback Callback, object? State);
}

/// <summary>Something that happens later.</summary>
internal sealed class Alarm(Actor actor, Action action)
{
    public Actor Actor => actor;

    public bool IsOff { get; private set; }

    public void TurnOff() => IsOff = true;

    public void Ring()
    {
        if (!IsOff)
        {
            IsOff = true;
            action();
        }
    }
}
