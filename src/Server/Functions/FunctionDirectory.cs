using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lambent.Kernel.Access;
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

    /// <summary>
    /// Names with capitals by their lower-case form, for hosts. May name what is deleted, never misses what is there.
    /// </summary>
    private readonly ConcurrentDictionary<FunctionId, ImmutableSortedSet<string>> capitalized = new();

    /// <summary>A function's snapshot, or null when there is no such function.</summary>
    public FunctionSnapshot? Find(FunctionId id) => entries.TryGetValue(id, out var entry) ? entry.Snapshot : null;

    /// <summary>
    /// A function by its name in whatever case: of several the one spelled so, else the one in lower case, else the
    /// first in order.
    /// </summary>
    public FunctionSnapshot? FindIgnoringCase(FunctionId id)
    {
        var lowerCase = id with { Name = id.Name.ToLowerInvariant() };
        if ((Find(id) ?? Find(lowerCase)) is { } snapshot)
        {
            return snapshot;
        }

        return capitalized.TryGetValue(lowerCase, out var names)
            ? names.Select(name => Find(id with { Name = name })).FirstOrDefault(found => found is not null)
            : null;
    }

    /// <summary>All functions now; not ordered.</summary>
    public IEnumerable<FunctionSnapshot> All() =>
        entries.Values.Select(entry => entry.Snapshot).OfType<FunctionSnapshot>();

    /// <summary>What an account's functions have set aside together, reserved or provisioned.</summary>
    /// <param name="account">The account.</param>
    /// <param name="except">One that does not count, or null.</param>
    public int SetAside(AccountId account, FunctionId? except = null) => (int)Math.Min(
        int.MaxValue,
        All()
            .Where(snapshot => snapshot.Function.Id.Account == account && snapshot.Function.Id != except)
            .Sum(snapshot => (long)ProvisionedRules.SetAside(snapshot.Function)));

    /// <summary>
    /// Makes a committed change visible. Commits of one function may be announced out of order; the sequence, taken
    /// inside the transaction, says which is newest. A null snapshot is a deletion, remembered by its sequence.
    /// </summary>
    public void Announce(FunctionId id, long sequence, FunctionSnapshot? snapshot)
    {
        var announced = new Entry(sequence, snapshot);
        entries.AddOrUpdate(id, announced, (_, current) => current.Sequence > sequence ? current : announced);
        if (id.Name.AsSpan().ContainsAnyInRange('A', 'Z'))
        {
            AnnounceCapitalized(id);
        }

        Changed?.Invoke(id);
    }

    private void AnnounceCapitalized(FunctionId id)
    {
        var lowerCase = id with { Name = id.Name.ToLowerInvariant() };
        if (Find(id) is not null)
        {
            capitalized.AddOrUpdate(
                lowerCase,
                static (_, name) => ImmutableSortedSet.Create(StringComparer.Ordinal, name),
                static (_, names, name) => names.Add(name),
                id.Name);
        }
        else if (capitalized.TryGetValue(lowerCase, out var names))
        {
            capitalized.TryUpdate(lowerCase, names.Remove(id.Name), names);
        }
    }

    private sealed record Entry(long Sequence, FunctionSnapshot? Snapshot);
}
