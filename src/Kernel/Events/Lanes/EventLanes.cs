namespace Lambent.Kernel.Events.Lanes;

/// <summary>
/// Which event runs next on a node: accounts take turns, and of each account its lines, as long as they have ready
/// events, room to run more, and are not paused. Not safe for several threads at once.
/// </summary>
/// <param name="placesMax">Events that run at a time.</param>
/// <param name="headBytesMax">What is held in memory of events that wait.</param>
/// <param name="targetOf">How many events of a line are to run at a time.</param>
public sealed class EventLanes(int placesMax, long headBytesMax, Func<EventLane, int> targetOf)
{
    private readonly HeadBudget budget = new(headBytesMax);
    private readonly Dictionary<EventLane, LaneShare> lanes = [];
    private readonly Dictionary<Access.AccountId, AccountShare> accounts = [];

    /// <summary>Accounts with a line that may run more, the next one first.</summary>
    private readonly LinkedList<AccountShare> turns = [];

    /// <summary>Lines whose head is to be read from the store.</summary>
    private readonly Queue<LaneShare> shortLanes = new();

    private readonly PriorityQueue<LaneShare, DateTimeOffset> paused = new();

    public int RunningCount { get; private set; }

    /// <summary>When the next paused line goes on, or null.</summary>
    public DateTimeOffset? NextPauseEnd => paused.TryPeek(out _, out var until) ? until : null;

    public int LaneCount => lanes.Count;

    /// <summary>Whether <see cref="Take"/> may find an event, or a line is to be read.</summary>
    public bool HasWork => (turns.Count > 0 && RunningCount < placesMax) || shortLanes.Count > 0;

    /// <summary>Events of the line that run now.</summary>
    public int RunningOf(EventLane lane) => lanes.TryGetValue(lane, out var share) ? share.Queue.RunningCount : 0;

    public LaneLoad? LoadOf(EventLane lane) => lanes.TryGetValue(lane, out var share) ? share.Queue.Load : null;

    public IReadOnlyList<LaneLoad> Loads() => [.. lanes.Values.Select(share => share.Queue.Load)];

    public LanePace PaceOf(EventLane lane) => lanes.TryGetValue(lane, out var share) ? share.Pace : default;

    public bool IsRunning(EventLane lane, string id) =>
        lanes.TryGetValue(lane, out var share) && share.Queue.IsRunning(id);

    public void Expect(EventLane lane, string id) => Find(lane).Queue.Expect(id);

    public void Arrive(AsyncEvent arrived, bool isReady) =>
        Change(arrived.Lane, share => share.Queue.Arrive(arrived, isReady));

    public void Withdraw(EventLane lane, string id) => Change(lane, share => share.Queue.Withdraw(id));

    public void Abandon(EventLane lane, string id) => Change(lane, share => share.Queue.Abandon(id));

    /// <summary>Something of the line changed in the store that is not known here.</summary>
    public void Invalidate(EventLane lane) => Change(lane, share => share.Queue.Invalidate());

    /// <summary>Nothing that is known of the lines holds any more.</summary>
    public void InvalidateAll()
    {
        foreach (var lane in lanes.Keys.ToArray())
        {
            Invalidate(lane);
        }
    }

    /// <summary>The line may run more or fewer than before.</summary>
    public void Reconsider(EventLane lane)
    {
        if (lanes.ContainsKey(lane))
        {
            Change(lane, _ => { });
        }
    }

    /// <summary>
    /// An event ran, and its end is being written: it gives up its place and stays known, so that it is not read back
    /// from the store meanwhile. <see cref="End"/> or <see cref="Refuse"/> follows.
    /// </summary>
    public void Finish(AsyncEvent ran) => Change(ran.Lane, share =>
    {
        Leave(share, share.Queue.Finish(ran.Id));
        share.Pace = share.Pace.Run();
    });

    public void End(AsyncEvent ran) => Change(ran.Lane, share =>
    {
        Leave(share, share.Queue.End(ran.Id));
        share.Pace = share.Pace.Run();
    });

    /// <summary>An event was refused for want of room: its line waits a little.</summary>
    public void Refuse(AsyncEvent taken, DateTimeOffset now, double chance) => Change(taken.Lane, share =>
    {
        Leave(share, share.Queue.PutBack(taken));
        var pace = share.Pace.Refuse(now, chance);
        if (pace != share.Pace)
        {
            share.Pace = pace;
            share.IsPaused = true;
            paused.Enqueue(share, pace.PausedUntil);
        }
    });

    /// <summary>Lines go on whose pause is over.</summary>
    public void EndPauses(DateTimeOffset now)
    {
        while (paused.TryPeek(out var share, out var until) && until <= now)
        {
            paused.Dequeue();
            share.IsPaused = false;
            Change(share.Queue.Lane, _ => { });
        }
    }

    /// <summary>The next line whose head is to be read, and behind which event; null when none is.</summary>
    public (LaneQueue Lane, EventPosition After)? NextToRead()
    {
        while (shortLanes.TryDequeue(out var share))
        {
            share.AwaitsReading = false;
            if (share.Queue.IsShort)
            {
                return (share.Queue, share.Queue.BeginReading());
            }
        }

        return null;
    }

    public void EndReading(LaneQueue lane, IReadOnlyList<AsyncEvent> read, bool isAll) =>
        Change(lane.Lane, _ => lane.EndReading(read, isAll));

    public void AbandonReading(LaneQueue lane) => Change(lane.Lane, _ => lane.AbandonReading());

    /// <summary>The next event to run, or null when none can now.</summary>
    public AsyncEvent? Take()
    {
        for (var tried = turns.Count; tried > 0 && RunningCount < placesMax; tried--)
        {
            var account = turns.First!.Value;
            turns.RemoveFirst();
            turns.AddLast(account.Node);
            if (!FairShare.MayTakePlace(account.RunningCount, RunningCount, placesMax))
            {
                continue;
            }

            var share = account.Lanes.First!.Value;
            account.Lanes.RemoveFirst();
            account.Lanes.AddLast(share.Node);
            var taken = share.Queue.Take()!;
            RunningCount++;
            account.RunningCount++;
            Update(share);
            return taken;
        }

        return null;
    }

    /// <param name="share">The event's line.</param>
    /// <param name="hadPlace">False when it gave up its place before.</param>
    private void Leave(LaneShare share, bool hadPlace)
    {
        if (hadPlace)
        {
            RunningCount--;
            share.Account.RunningCount--;
        }
    }

    private LaneShare Find(EventLane lane)
    {
        if (!lanes.TryGetValue(lane, out var share))
        {
            if (!accounts.TryGetValue(lane.Account, out var account))
            {
                accounts[lane.Account] = account = new AccountShare();
            }

            lanes[lane] = share = new LaneShare(new LaneQueue(lane, budget), account);
            account.LaneCount++;
        }

        return share;
    }

    private void Change(EventLane lane, Action<LaneShare> change)
    {
        var share = Find(lane);
        change(share);
        Update(share);
    }

    /// <summary>Puts the line where it belongs after any change of it.</summary>
    private void Update(LaneShare share)
    {
        var queue = share.Queue;
        if (queue.IsShort && !share.AwaitsReading)
        {
            share.AwaitsReading = true;
            shortLanes.Enqueue(share);
        }

        var mayRun = !share.IsPaused && queue.HeadCount > 0 && queue.RunningCount < targetOf(queue.Lane);
        if (mayRun != share.HasTurn)
        {
            share.HasTurn = mayRun;
            SetTurn(share.Account, share);
        }

        if (queue.IsEmpty && !share.IsPaused && !share.AwaitsReading)
        {
            lanes.Remove(queue.Lane);
            if (--share.Account.LaneCount == 0 && share.Account.RunningCount == 0)
            {
                accounts.Remove(queue.Lane.Account);
            }
        }
    }

    private void SetTurn(AccountShare account, LaneShare share)
    {
        if (share.HasTurn)
        {
            account.Lanes.AddLast(share.Node);
        }
        else
        {
            account.Lanes.Remove(share.Node);
        }

        if (account.Lanes.Count > 0 && account.Node.List is null)
        {
            turns.AddLast(account.Node);
        }
        else if (account.Lanes.Count == 0 && account.Node.List is not null)
        {
            turns.Remove(account.Node);
        }
    }

    private sealed class AccountShare
    {
        public AccountShare() => Node = new LinkedListNode<AccountShare>(this);

        public LinkedListNode<AccountShare> Node { get; }

        /// <summary>Lines that may run more, the next one first.</summary>
        public LinkedList<LaneShare> Lanes { get; } = [];

        public int LaneCount { get; set; }

        public int RunningCount { get; set; }
    }

    private sealed class LaneShare
    {
        public LaneShare(LaneQueue queue, AccountShare account)
        {
            (Queue, Account) = (queue, account);
            Node = new LinkedListNode<LaneShare>(this);
        }

        public LaneQueue Queue { get; }

        public AccountShare Account { get; }

        public LinkedListNode<LaneShare> Node { get; }

        public LanePace Pace { get; set; }

        public bool IsPaused { get; set; }

        public bool HasTurn { get; set; }

        public bool AwaitsReading { get; set; }
    }
}
