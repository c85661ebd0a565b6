using System.Collections.Concurrent;
using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;
using Lambent.Server.Scaling;

namespace Lambent.Server.Delivery;

/// <summary>
/// How many events of each line are to run at a time: what the scale controller last said. It is asked when a line
/// begins, and once a second while it has events.
/// </summary>
internal sealed class LaneTargets(IConcurrencyTargets targets)
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Longer lines count as so long: it changes nothing in what is wanted, and counting takes time.</summary>
    private const int BacklogMax = 10_000;

    /// <summary>Calls of addresses outside: they cost hardly anything here, and too many at once hurt there.</summary>
    private const int CallbacksMax = 16;

    private const string FunctionPrefix = "function/";

    private readonly ConcurrentDictionary<EventLane, int> known = new();
    private readonly ConcurrentQueue<EventLane> begun = new();

    /// <summary>Whether a line waits for its first answer.</summary>
    public bool HasBegun => !begun.IsEmpty;

    /// <summary>What was said of the line; one event may run until something is.</summary>
    public int Of(EventLane lane)
    {
        if (known.TryGetValue(lane, out var target))
        {
            return target;
        }

        if (known.TryAdd(lane, IsFunction(lane) ? 1 : CallbacksMax) && IsFunction(lane))
        {
            begun.Enqueue(lane);
        }

        return known.GetValueOrDefault(lane, 1);
    }

    /// <summary>Asks for lines that began.</summary>
    public void AskForBegun(LaneBoard board, IStore store, DateTimeOffset now)
    {
        while (begun.TryDequeue(out var lane))
        {
            if (board.LoadOf(lane) is { } load)
            {
                Ask(board, store, load, now);
            }
            else
            {
                known.TryRemove(lane, out _);
            }
        }
    }

    /// <summary>Asks for all lines that have events, and forgets those that have none.</summary>
    public void AskForAll(LaneBoard board, IStore store, DateTimeOffset now)
    {
        var loads = board.Loads();
        foreach (var load in loads)
        {
            if (IsFunction(load.Lane))
            {
                Ask(board, store, load, now);
            }
        }

        var active = loads.Select(load => load.Lane).ToHashSet();
        foreach (var lane in known.Keys)
        {
            if (!active.Contains(lane) && known.TryRemove(lane, out _) && IsFunction(lane))
            {
                targets.Forget(KeyOf(lane));
            }
        }
    }

    private void Ask(LaneBoard board, IStore store, LaneLoad load, DateTimeOffset now)
    {
        var backlog = load.IsComplete
            ? load.HeadCount
            : Math.Max(0, store.Read(transaction => transaction.Events.CountReady(load.Lane, BacklogMax))
                - load.RunningCount);
        var target = targets.TargetFor(
            KeyOf(load.Lane),
            new SourceLoad(
                backlog,
                load.OldestDueAt is { } due && due < now ? now - due : TimeSpan.Zero,
                load.EndedCount + load.RunningCount,
                load.RunningCount,
                Qualifier: load.Qualifier));

        // One at least, or the line would never find out that there is room again.
        target = Math.Max(target, 1);
        if (known.TryGetValue(load.Lane, out var before) && before != target)
        {
            known[load.Lane] = target;
            board.Reconsider(load.Lane);
        }
    }

    private static bool IsFunction(EventLane lane) => lane.Key.StartsWith(FunctionPrefix, StringComparison.Ordinal);

    private static SourceKey KeyOf(EventLane lane)
    {
        var name = lane.Key[FunctionPrefix.Length..];
        return new SourceKey(new FunctionId(lane.Account, name), "event", name);
    }
}
