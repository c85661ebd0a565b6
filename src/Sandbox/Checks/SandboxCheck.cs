namespace Lambent.Sandbox.Checks;

public enum CheckStatus
{
    Ok,

    /// <summary>Works, with less protection or fewer runtimes than there could be.</summary>
    Warning,

    /// <summary>Sandboxes, or what was asked for, cannot work.</summary>
    Failed,
}

/// <summary>One thing about this machine that sandboxes depend on.</summary>
/// <param name="Name">What, in a word or two; stable, scripts match on it.</param>
/// <param name="Status">How it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Fix">A command that mends it, or null when there is none or nothing to mend.</param>
public sealed record SandboxCheck(string Name, CheckStatus Status, string Detail, string? Fix = null);
