namespace Lambent.Kernel.Workflows.Views;

/// <summary>States and the ways between them, with what an execution made of each.</summary>
public sealed record GraphView(
    string StartAt, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges);

/// <summary>A state, over all its entries.</summary>
public sealed record GraphNode
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>What a Task calls.</summary>
    public string? Resource { get; init; }

    /// <summary>Whether its line of control ends with it.</summary>
    public bool IsEnd { get; init; }

    /// <summary>The worst that is going on, else how the last entry ended; null when it was never entered.</summary>
    public RowStatus? Status { get; init; }

    public int Entered { get; init; }

    /// <summary>Entries that have not ended.</summary>
    public int Open { get; init; }

    public int Succeeded { get; init; }

    public int Caught { get; init; }

    public int Failed { get; init; }

    public int Aborted { get; init; }

    public int Skipped { get; init; }

    /// <summary>Attempts after the first of an entry.</summary>
    public int Retries { get; init; }

    /// <summary>The branches of a Parallel, what a Map does for each item.</summary>
    public IReadOnlyList<GraphView> Graphs { get; init; } = [];
}

public enum EdgeKind
{
    Next,
    Choice,
    Default,
    Catch,
}

/// <param name="From">A state.</param>
/// <param name="To">Another, or the same.</param>
/// <param name="Kind">Why it is taken.</param>
/// <param name="Label">Of a catcher the errors, of a choice its number; null otherwise.</param>
/// <param name="Taken">How often the execution went from one to the other; ways between the same two share it.</param>
public sealed record GraphEdge(string From, string To, EdgeKind Kind, string? Label, int Taken);
