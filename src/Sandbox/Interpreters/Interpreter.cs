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

    /// <summary>Folders outside the system's own that must appear in the sandbox.</summary>
    public IReadOnlyList<string> ReadOnlyFolders { get; init; } = [];
}
