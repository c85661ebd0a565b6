using System.Collections.Concurrent;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Functions;

/// <summary>
/// Every function in memory, as calls see it: reads never touch the store. An entry is an immutable snapshot that is
/// replaced whole after a change was committed.
/// </summary>
public sealed class FunctionDirectory
{
    private readonly ConcurrentDictionary<FunctionId, Entry> entries = new();

    /// <summary>Raised after a change became visible, with the function's id.</summary>
    public event Action<FunctionId>? Changed;

    /// <summary>A function's snapshot, or null when there is no such function.</summary>
    public FunctionSnapshot? Find(FunctionId id) => entries.TryGetValue(id, out var entry) ? entry.Snapshot : null;

    /// <summary>All functions now; not ordered.</summary>
    public IEnumerable<FunctionSnapshot> All() =>
        entries.Values.Select(entry => entry.Snapshot).OfType<FunctionSnapshot>();

    /// <summary>
    /// Makes a committed change visible. Commits of one function may be announced out of order; the sequence, taken
    /// inside the transaction, says which is newest. A null snapshot is a deletion, remembered by its sequence.
    /// </summary>
    public void Announce(FunctionId id, long sequence, FunctionSnapshot? snapshot)
    {
        var announced = new Entry(sequence, snapshot);
        entries.AddOrUpdate(id, announced, (_, current) => current.Sequence > sequence ? current : announced);
        Changed?.Invoke(id);
    }

    private sealed record Entry(long Sequence, FunctionSnapshot? Snapshot);
}
