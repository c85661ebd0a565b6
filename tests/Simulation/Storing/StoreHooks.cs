namespace Lambent.Simulation.Storing;

/// <summary>Stands before a table, and writes down the calls that count.</summary>
internal delegate object ObserveTable(object table, List<TableCall> calls);

/// <summary>What a store tells the world.</summary>
/// <param name="Committed">A write is on the disk: its calls, in order. Before anybody else knows.</param>
/// <param name="Crash">The power goes now; says when.</param>
/// <param name="Note">For the event log.</param>
/// <param name="Observed">By the name of the property's getter: the tables that are watched.</param>
internal sealed record StoreHooks(
    Action<IReadOnlyList<TableCall>> Committed,
    Action<string> Crash,
    Action<string> Note,
    IReadOnlyDictionary<string, ObserveTable> Observed);
