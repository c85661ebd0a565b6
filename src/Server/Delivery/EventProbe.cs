using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>
/// Where several nodes share a store, each accepts events and one delivers them. What another one accepted comes to no
/// line here by itself, so the one that delivers looks for it: from line to line along the index of ready events, and
/// at the first of the waiting ones. That is a seek for each line that has events, however many it has.
/// </summary>
/// <param name="store">Where the events are.</param>
/// <param name="board">The lines that are known.</param>
/// <param name="sharesStore">Whether other nodes write to the store as well.</param>
/// <param name="time">The clock.</param>
internal sealed class EventProbe(IStore store, LaneBoard board, bool sharesStore, TimeProvider time)
{
    /// <summary>An event that another node accepted waits no longer than this for being found.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private long lookedTimestamp = time.GetTimestamp();

    public bool IsDue => UntilDue <= TimeSpan.Zero;

    /// <summary>Until the next look; where nobody else writes, for ever.</summary>
    public TimeSpan UntilDue =>
        sharesStore ? Period - time.GetElapsedTime(lookedTimestamp) : TimeSpan.MaxValue;

    public void Look()
    {
        lookedTimestamp = time.GetTimestamp();
        foreach (var lane in store.Read(transaction => transaction.Events.ReadyLanes()))
        {
            if (board.LoadOf(lane) is not { } load)
            {
                board.Invalidate(lane);
            }
            else if (load.IsComplete)
            {
                // Of a line that is not held to its end the rest is read anyway.
                var known = load.HeadCount + load.RunningCount;
                if (store.Read(transaction => transaction.Events.CountReady(lane, known + 1)) > known)
                {
                    board.Invalidate(lane);
                }
            }
        }

        var (_, notes) = board.NextWaiting;
        board.SetNextWaiting(notes, store.Read(transaction => transaction.Events.NextWaiting()));
    }
}
