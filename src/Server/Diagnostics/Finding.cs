namespace Lambent.Server.Diagnostics;

public enum FindingStatus
{
    Good,

    /// <summary>Works, with less than there could be.</summary>
    Warning,

    /// <summary>The server, or what it is asked for, cannot work.</summary>
    Bad,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What, in a word or two.</param>
/// <param name="Status">How it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Fix">What to do about it, as a command where there is one; null when it is good.</param>
public sealed record Finding(string Name, FindingStatus Status, string Detail, string? Fix = null);
