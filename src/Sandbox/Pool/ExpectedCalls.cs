using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// The calls that are expected on this node, the next one first. Kept apart from the versions' pools, which are
/// dropped while nothing of a version runs.
/// </summary>
internal sealed class ExpectedCalls
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<ExpectedCall, long> calls = new();

    public void Add(ExpectedCall call)
    {
        lock (gate)
        {
            calls.Enqueue(call, call.StartTimestamp);
        }
    }

    /// <summary>The next one whose environment is to be started now, or null.</summary>
    public ExpectedCall? TakeDue(long nowTimestamp)
    {
        lock (gate)
        {
            return calls.TryPeek(out _, out var start) && start <= nowTimestamp ? calls.Dequeue() : null;
        }
    }

    /// <summary>Versions that were changed or deleted expect no calls.</summary>
    public void Keep(Func<EnvironmentSpecification, bool> isCurrent)
    {
        lock (gate)
        {
            var kept = calls.UnorderedItems.Where(item => isCurrent(item.Element.Specification)).ToList();
            if (kept.Count < calls.Count)
            {
                calls.Clear();
                calls.EnqueueRange(kept);
            }
        }
    }
}
