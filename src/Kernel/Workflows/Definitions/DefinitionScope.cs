namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>What the readers of one definition share: its language, its kind, and the names that are taken.</summary>
internal sealed record DefinitionScope(DefinitionProblems Problems, QueryLanguage MachineLanguage, bool IsExpress)
{
    /// <summary>Names of states are unique over the whole machine, branches included.</summary>
    public HashSet<string> StateNames { get; } = [];

    public HashSet<string> Labels { get; } = [];

    /// <summary>How many Parallel and Map states are around.</summary>
    public int Depth { get; private init; }

    /// <summary>The same definition, one level further in; the names are shared.</summary>
    public DefinitionScope Within(bool isExpress) => this with { Depth = Depth + 1, IsExpress = isExpress };
}
