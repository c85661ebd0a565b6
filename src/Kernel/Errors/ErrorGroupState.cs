namespace Lambent.Kernel.Errors;

/// <summary>What its owner said of a group. The numbers are stored.</summary>
public enum ErrorGroupStatus
{
    Open = 0,
    Resolved = 1,

    /// <summary>Counted, but nobody is told.</summary>
    Ignored = 2,
}

/// <summary>A group's state, and what it follows from.</summary>
/// <param name="ChangedAt">When it was last changed.</param>
/// <param name="Function">Resolved in a version: of which function.</param>
/// <param name="Version">Resolved in a version: its number; 0 when it was resolved as of a time.</param>
/// <param name="ReopenedBy">Open again: function:version that it was seen in; otherwise empty.</param>
public sealed record ErrorGroupState(
    ErrorGroupStatus Status,
    DateTimeOffset ChangedAt = default,
    string Function = "",
    long Version = 0,
    string ReopenedBy = "")
{
    public static readonly ErrorGroupState New = new(ErrorGroupStatus.Open);

    /// <summary>
    /// Whether an occurrence opens a resolved group again: one in a release that is later than the one it was resolved
    /// in. Versions of the named function compare by their numbers; all else by the time the release was made, so that
    /// an older version that still runs does not count.
    /// </summary>
    /// <param name="releasedAt">When the version that failed was made or changed last; default: not known.</param>
    public bool IsReopenedBy(string function, string version, DateTimeOffset releasedAt)
    {
        if (Status != ErrorGroupStatus.Resolved)
        {
            return false;
        }

        return Version > 0 && function == Function && long.TryParse(version, out var number)
            ? number > Version
            : releasedAt > ChangedAt;
    }

    public static ErrorGroupState Reopened(DateTimeOffset now, string function, string version) =>
        new(ErrorGroupStatus.Open, now, ReopenedBy: $"{function}:{version}");
}
