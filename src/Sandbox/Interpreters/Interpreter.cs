namespace Lambent.Sandbox.Interpreters;

/// <summary>How environments of a runtime are started on this machine.</summary>
public sealed record Interpreter
{
    /// <summary>The version that was found, such as 20.20.2.</summary>
    public required string Version { get; init; }

    /// <summary>The interpreter's own file, symbolic links resolved.</summary>
    public required string Program { get; init; }

    /// <summary>Program and arguments; empty for custom runtimes, whose program is in the package.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>What the interpreter needs beyond the function's own variables.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Options, by the function's memory in megabytes, that make the interpreter collect its garbage before it is ended
    /// for its memory: in a sandbox it sees the whole machine's and would be in no hurry.
    /// </summary>
    public Func<int, IReadOnlyList<string>> MemoryOptions { get; init; } = _ => [];

    /// <summary>The same as variables.</summary>
    public Func<int, IEnumerable<KeyValuePair<string, string>>> MemoryVariables { get; init; } = _ => [];

    /// <summary>Folders outside the system's own that must appear in the sandbox.</summary>
    public IReadOnlyList<string> ReadOnlyFolders { get; init; } = [];

    /// <summary><see cref="Command"/> for a function with this much memory.</summary>
    public IReadOnlyList<string> CommandFor(int memoryMegabytes) =>
        Command.Count == 0 ? Command : [Command[0], .. MemoryOptions(memoryMegabytes), .. Command.Skip(1)];

    /// <summary><see cref="Variables"/> for a function with this much memory.</summary>
    public IReadOnlyDictionary<string, string> VariablesFor(int memoryMegabytes) =>
        Variables.Concat(MemoryVariables(memoryMegabytes)).ToDictionary(StringComparer.Ordinal);
}
