using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Lambent.Server.Loops;

namespace Lambent.Server.Delivery;

/// <summary>
/// The lines of events that this node knows, for all threads: those that accept events put them here, one loop takes
/// them out.
/// </summary>
internal sealed class LaneBoard
{
    private readonly EventLanes lanes;
    private readonly WakeSignal wake;
    private DateTimeOffset? nextWaiting = DateTimeOffset.MinValue;
    private long waitingNotes;
    private DateTimeOffset promotedUntil = DateTimeOffset.MinValue;

    public LaneBoard(EventLanes lanes, WakeSignal wake)
    {
        this.lanes = lanes;
        this.wake = wake;
    }

    /// <summary>
    /// When an event that waits in the store is due next: no later than this, null when none waits. A time in the past
    /// means that nobody has looked. The number is for <see cref="SetNextWaiting"/>.
    /// </summary>
    public (DateTimeOffset? At, long Notes) NextWaiting
    {
        get
        {
            lock (lanes)
            {
                return (nextWaiting, waitingNotes);
            }
        }
    }

    /// <summary>Whether no line has events that are ready or run.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (lanes)
            {
                return lanes.LaneCount == 0;
            }
        }
    }

    public int RunningCount
    {
        get
        {
            lock (lanes)
            {
                return lanes.RunningCount;
            }
        }
    }

    /// <summary>
    /// Before an event is written; <see cref="Arrive"/>, <see cref="Withdraw"/> or <see cref="Abandon"/> follows.
    /// </summary>
    public void Expect(EventLane lane, string id)
    {
        lock (lanes)
        {
            lanes.Expect(lane, id);
        }
    }

    public void Arrive(AsyncEvent arrived, bool isReady)
    {
        bool hasWork;
        lock (lanes)
        {
            lanes.Arrive(arrived, isReady);
            if (!isReady)
            {
                NoteWaiting(arrived.DueAt);
            }

            hasWork = !isReady || lanes.HasWork;
        }

        WakeIf(hasWork);
    }

    /// <summary>It was not written.</summary>
    public void Withdraw(EventLane lane, string id)
    {
        lock (lanes)
        {
            lanes.Withdraw(lane, id);
        }

        wake.Wake();
    }

    /// <summary>Nobody knows whether it was written.</summary>
    public void Abandon(EventLane lane, string id)
    {
        lock (lanes)
        {
            lanes.Abandon(lane, id);
            NoteWaiting(DateTimeOffset.MinValue);
        }

        wake.Wake();
    }

    /// <summary>Something was written for this line elsewhere.</summary>
    public void Invalidate(EventLane lane)
    {
        lock (lanes)
        {
            lanes.Invalidate(lane);
            NoteWaiting(DateTimeOffset.MinValue);
        }

        wake.Wake();
    }

    /// <summary>Nothing that is known of the lines holds any more.</summary>
    public void InvalidateAll()
    {
        lock (lanes)
        {
            lanes.InvalidateAll();
            NoteWaiting(DateTimeOffset.MinValue);
        }

        wake.Wake();
    }

    /// <summary>Events that wait in the store and are due by now are about to become ready there.</summary>
    public void BeginPromotion(DateTimeOffset now)
    {
        lock (lanes)
        {
            promotedUntil = now > promotedUntil ? now : promotedUntil;
        }
    }

    /// <summary>Events of the line became ready in the store.</summary>
    public void Refresh(EventLane lane)
    {
        lock (lanes)
        {
            lanes.Invalidate(lane);
        }
    }

    /// <summary>The line may run more or fewer than before.</summary>
    public void Reconsider(EventLane lane)
    {
        lock (lanes)
        {
            lanes.Reconsider(lane);
        }

        wake.Wake();
    }

    public LaneLoad? LoadOf(EventLane lane)
    {
        lock (lanes)
        {
            return lanes.LoadOf(lane);
        }
    }

    public IReadOnlyList<LaneLoad> Loads()
    {
        lock (lanes)
        {
            return lanes.Loads();
        }
    }

    public AsyncEvent? Take()
    {
        lock (lanes)
        {
            return lanes.Take();
        }
    }

    /// <summary>
    /// It ran, and only its end is to be written: another one may take its place, and is taken at once if it is wanted.
    /// </summary>
    public AsyncEvent? Finish(AsyncEvent ran, bool takesNext)
    {
        AsyncEvent? next;
        bool hasWork;
        lock (lanes)
        {
            lanes.Finish(ran);
            next = takesNext ? lanes.Take() : null;
            hasWork = lanes.HasWork;
        }

        WakeIf(hasWork);
        return next;
    }

    /// <param name="ran">The event, as it was taken.</param>
    /// <param name="dueAgainAt">When it is to be tried again; null: it ended.</param>
    public void End(AsyncEvent ran, DateTimeOffset? dueAgainAt)
    {
        bool hasWork;
        lock (lanes)
        {
            lanes.End(ran);
            if (dueAgainAt is { } due)
            {
                NoteWaiting(due);
                if (due <= promotedUntil)
                {
                    // It was written late, and is ready again already: who read its line meanwhile took it for running.
                    lanes.Invalidate(ran.Lane);
                }
            }

            hasWork = dueAgainAt is not null || lanes.HasWork;
        }

        WakeIf(hasWork);
    }

    public void Refuse(AsyncEvent taken, DateTimeOffset now, double chance)
    {
        lock (lanes)
        {
            lanes.Refuse(taken, now, chance);
        }

        wake.Wake();
    }

    public (LaneQueue Lane, EventPosition After)? NextToRead()
    {
        lock (lanes)
        {
            return lanes.NextToRead();
        }
    }

    public void EndReading(LaneQueue lane, ReadyEvents read)
    {
        lock (lanes)
        {
            lanes.EndReading(lane, read.Events, read.IsAll);
        }
    }

    public void AbandonReading(LaneQueue lane)
    {
        lock (lanes)
        {
            lanes.AbandonReading(lane);
        }
    }

    public DateTimeOffset? EndPauses(DateTimeOffset now)
    {
        lock (lanes)
        {
            lanes.EndPauses(now);
            return lanes.NextPauseEnd;
        }
    }

    /// <summary>The store was looked at.</summary>
    /// <param name="notes">Of <see cref="NextWaiting"/> before the look: what was noted since may not be in it.</param>
    /// <param name="read">When the next waiting event is due.</param>
    public void SetNextWaiting(long notes, DateTimeOffset? read)
    {
        lock (lanes)
        {
            nextWaiting = notes == waitingNotes ? read : DateTimeOffset.MinValue;
        }
    }

    public (int Running, LanePace Pace) Describe(EventLane lane)
    {
        lock (lanes)
        {
            return (lanes.RunningOf(lane), lanes.PaceOf(lane));
        }
    }

    public bool IsRunning(AsyncEvent candidate)
    {
        lock (lanes)
        {
            return lanes.IsRunning(candidate.Lane, candidate.Id);
        }
    }

    /// <summary>The loop goes round for what it can do something about.</summary>
    private void WakeIf(bool hasWork)
    {
        if (hasWork)
        {
            wake.Wake();
        }
    }

    private void NoteWaiting(DateTimeOffset due)
    {
        waitingNotes++;
        if (nextWaiting is not { } known || due < known)
        {
            nextWaiting = due;
        }
    }
}
