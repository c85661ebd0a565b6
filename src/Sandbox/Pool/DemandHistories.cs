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

            if (entries.Count >= countMax)
            {
                entries.Remove(byUse.First!.Value.Key);
                byUse.RemoveFirst();
            }

            var history = new DemandHistory(settlingTime);
            entries.Add(key, byUse.AddLast(new Entry(key, history)));
            return history;
        }
    }

    private readonly record struct Key(FunctionId Function, string Version);

    private sealed record Entry(Key Key, DemandHistory History);
}
