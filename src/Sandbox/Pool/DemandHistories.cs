using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// The histories of the functions that were called last. They outlive the pools: a function that scaled to zero, or was
/// changed, is still called by the same people at the same times. The one unused longest makes room.
/// </summary>
internal sealed class DemandHistories(TimeSpan settlingTime, int countMax = Limits.DemandHistoriesMax)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = new();

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>The version's history; while two pools use it, each locks it.</summary>
    public DemandHistory Of(EnvironmentSpecification specification)
    {
        var key = new Key(specification.Function, specification.Version);
        lock (gate)
        {
            if (entries.TryGetValue(key, out var node))
            {
                byUse.Remove(node);
                byUse.AddLast(node);
                return node.Value.History;
            }

            return Add(key, new DemandHistory(settlingTime));
        }
    }

    /// <summary>Takes up a history from before a restart, unless there is one already or it cannot be read.</summary>
    public void Restore(RememberedDemand remembered)
    {
        var key = new Key(remembered.Function, remembered.Version);
        lock (gate)
        {
            if (!entries.ContainsKey(key)
                && DemandHistory.FromBytes(remembered.History, settlingTime) is { } history)
            {
                Add(key, history);
            }
        }
    }

    /// <summary>The function is gone; one of its name that is made later is another.</summary>
    public void Forget(FunctionId function)
    {
        lock (gate)
        {
            for (var node = byUse.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Key.Function == function)
                {
                    entries.Remove(node.Value.Key);
                    byUse.Remove(node);
                }

                node = next;
            }
        }
    }

    /// <summary>All histories as they are now, the one unused longest first.</summary>
    public IReadOnlyList<RememberedDemand> Read()
    {
        Entry[] all;
        lock (gate)
        {
            all = [.. byUse];
        }

        return [.. all.Select(entry =>
        {
            lock (entry.History)
            {
                return new RememberedDemand(entry.Key.Function, entry.Key.Version, entry.History.ToBytes());
            }
        })];
    }

    private DemandHistory Add(Key key, DemandHistory history)
    {
        if (entries.Count >= countMax)
        {
            entries.Remove(byUse.First!.Value.Key);
            byUse.RemoveFirst();
        }

        entries.Add(key, byUse.AddLast(new Entry(key, history)));
        return history;
    }

    private readonly record struct Key(FunctionId Function, string Version);

    private sealed record Entry(Key Key, DemandHistory History);
}
