namespace Lambent.Kernel.Events.Lanes;

/// <summary>What the heads of all lines hold together.</summary>
public sealed class HeadBudget(long bytesMax)
{
    /// <summary>What an event takes besides its payload, about.</summary>
    public const int EventBytes = 512;

    public long BytesUsed { get; set; }

    public bool IsExceeded => BytesUsed > bytesMax;

    /// <summary>Whether much more fits; between this and exceeded nobody reads and nobody gives back.</summary>
    public bool HasRoom => BytesUsed <= bytesMax / 2;
}

/// <summary>A line as the node knows it.</summary>
/// <param name="Lane">Which.</param>
/// <param name="HeadCount">Events held.</param>
/// <param name="IsComplete">Whether those are all that wait.</param>
/// <param name="RunningCount">Events that run.</param>
/// <param name="EndedCount">Events that ran and do not any more.</param>
/// <param name="OldestDueAt">Since when the first of those held is due; null when none is held.</param>
/// <param name="Qualifier">The qualifier of that one.</param>
public readonly record struct LaneLoad(
    EventLane Lane,
    int HeadCount,
    bool IsComplete,
    int RunningCount,
    long EndedCount,
    DateTimeOffset? OldestDueAt,
    string? Qualifier);

/// <summary>
/// The head of one line in memory: exactly the ready events of the store up to a cursor that are not running. So
/// however long the line is, a node holds a few of its events, and while a line is short its events never have to be
/// read back. Not safe for several threads at once.
/// </summary>
public sealed class LaneQueue(EventLane lane, HeadBudget budget)
{
    /// <summary>Events held of one line.</summary>
    public const int EventsMax = 256;

    /// <summary>Payloads held of one line.</summary>
    public const int PayloadBytesMax = 4 * Limits.MiB;

    private static readonly Comparer<AsyncEvent> ByPosition =
        Comparer<AsyncEvent>.Create((left, right) => left.Position.CompareTo(right.Position));

    private readonly SortedSet<AsyncEvent> head = new(ByPosition);

    /// <summary>Those that were taken, and whether only their end is to be written.</summary>
    private readonly Dictionary<string, bool> running = new(StringComparer.Ordinal);

    /// <summary>Being written: whoever writes them adds them, so that they are not taken twice.</summary>
    private readonly HashSet<string> arriving = new(StringComparer.Ordinal);

    /// <summary>Ended while the store is being read: what was read may show them as ready still.</summary>
    private readonly HashSet<string> endedMeanwhile = new(StringComparer.Ordinal);

    private EventPosition cursor = EventPosition.Start;
    private bool isComplete;
    private bool isReading;
    private bool isReadingStale;

    /// <summary>
    /// Since something did not fit, until one of them is taken: what was given back would be read and given back again.
    /// </summary>
    private bool isFull;
    private long payloadBytes;
    private int finishedCount;

    public EventLane Lane => lane;

    public int RunningCount => running.Count - finishedCount;

    public int HeadCount => head.Count;

    /// <summary>Events that ran and do not any more.</summary>
    public long EndedCount { get; private set; }

    /// <summary>What the line looks like now.</summary>
    public LaneLoad Load => new(
        lane, head.Count, isComplete, RunningCount, EndedCount, head.Min?.DueAt, head.Min?.Target.Qualifier);

    /// <summary>Whether more events should be read from the store.</summary>
    public bool IsShort => !isComplete && !isReading && (head.Count == 0 || HasRoom);

    /// <summary>Room for many: reading is done before the head is empty, and not for one event at a time.</summary>
    private bool HasRoom =>
        !isFull && head.Count <= EventsMax / 4 && payloadBytes <= PayloadBytesMax / 4 && budget.HasRoom;

    /// <summary>Nothing is here, nothing runs, and the store has nothing either.</summary>
    public bool IsEmpty => isComplete && head.Count == 0 && running.Count == 0 && arriving.Count == 0;

    public bool IsRunning(string id) => running.ContainsKey(id);

    /// <summary>An event is being written; <see cref="Arrive"/> or <see cref="Abandon"/> follows.</summary>
    public void Expect(string id) => arriving.Add(id);

    /// <summary>It is written. Behind the cursor it stays in the store until its turn comes.</summary>
    /// <param name="arrived">The event as it was written.</param>
    /// <param name="isReady">Whether it is due.</param>
    public void Arrive(AsyncEvent arrived, bool isReady)
    {
        arriving.Remove(arrived.Id);
        if (!isReady)
        {
            return;
        }

        if (!isComplete && arrived.Position > cursor)
        {
            // A read that goes on may have begun before the event was there.
            isReadingStale |= isReading;
            return;
        }

        Insert(arrived);
        Trim();
    }

    /// <summary>It was not written.</summary>
    public void Withdraw(string id) => arriving.Remove(id);

    /// <summary>Nobody knows whether it was written: the store does.</summary>
    public void Abandon(string id)
    {
        arriving.Remove(id);
        Invalidate();
    }

    /// <summary>Something became ready that is not known here: the store is to be read from the start.</summary>
    public void Invalidate()
    {
        isReadingStale |= isReading;
        isComplete = false;
        cursor = EventPosition.Start;
        budget.BytesUsed -= payloadBytes + (head.Count * (long)HeadBudget.EventBytes);
        payloadBytes = 0;
        isFull = false;
        head.Clear();
    }

    /// <summary>
    /// Behind which event the store is to be read; then <see cref="EndReading"/> or <see cref="AbandonReading"/>
    /// follows.
    /// </summary>
    public EventPosition BeginReading()
    {
        isReading = true;
        isReadingStale = false;
        endedMeanwhile.Clear();
        return cursor;
    }

    /// <param name="read">What the store has behind the cursor, in order.</param>
    /// <param name="isAll">Whether there is nothing behind them.</param>
    public void EndReading(IReadOnlyList<AsyncEvent> read, bool isAll)
    {
        isReading = false;
        if (isReadingStale)
        {
            return;
        }

        foreach (var ready in read)
        {
            cursor = ready.Position > cursor ? ready.Position : cursor;
            if (!endedMeanwhile.Contains(ready.Id) && !arriving.Contains(ready.Id))
            {
                Insert(ready);
            }
        }

        isComplete = isAll;
        Trim();
    }

    /// <summary>The store could not be read: it is to be tried again.</summary>
    public void AbandonReading() => isReading = false;

    /// <summary>The next event, which runs from now on.</summary>
    public AsyncEvent? Take()
    {
        if (head.Min is not { } next)
        {
            return null;
        }

        Drop(next);
        isFull = false;
        running.Add(next.Id, false);
        return next;
    }

    /// <summary>An event ran, and its end is being written: another one may take its place.</summary>
    /// <returns>Whether it had a place.</returns>
    public bool Finish(string id)
    {
        if (!running.TryGetValue(id, out var isFinished) || isFinished)
        {
            return false;
        }

        running[id] = true;
        finishedCount++;
        EndedCount++;
        return true;
    }

    /// <summary>An event that ran has ended, or waits for its next attempt: the store says which.</summary>
    /// <returns>Whether it had a place still.</returns>
    public bool End(string id)
    {
        var hadPlace = Leave(id);
        EndedCount += hadPlace ? 1 : 0;
        if (isReading)
        {
            endedMeanwhile.Add(id);
        }

        return hadPlace;
    }

    /// <summary>An event that was taken did not run, and is ready as before.</summary>
    /// <returns>Whether it had a place still.</returns>
    public bool PutBack(AsyncEvent taken)
    {
        var wasRunning = running.ContainsKey(taken.Id);
        var hadPlace = Leave(taken.Id);
        if (wasRunning)
        {
            Insert(taken);
        }

        return hadPlace;
    }

    private bool Leave(string id)
    {
        if (!running.Remove(id, out var isFinished))
        {
            return false;
        }

        finishedCount -= isFinished ? 1 : 0;
        return !isFinished;
    }

    private void Insert(AsyncEvent ready)
    {
        if (!running.ContainsKey(ready.Id) && head.Add(ready))
        {
            payloadBytes += ready.Payload.Length;
            budget.BytesUsed += ready.Payload.Length + HeadBudget.EventBytes;
            cursor = ready.Position > cursor ? ready.Position : cursor;
        }
    }

    private void Drop(AsyncEvent held)
    {
        head.Remove(held);
        payloadBytes -= held.Payload.Length;
        budget.BytesUsed -= held.Payload.Length + HeadBudget.EventBytes;
    }

    /// <summary>What does not fit stays in the store, behind the cursor. One event always fits.</summary>
    private void Trim()
    {
        while (head.Count > 1
            && (head.Count > EventsMax || payloadBytes > PayloadBytesMax || budget.IsExceeded))
        {
            Drop(head.Max!);
            isFull = true;
            isComplete = false;
            cursor = head.Max!.Position;
        }
    }
}
