using System.Collections.Immutable;

namespace Lambent.Kernel.Functions;

/// <summary>Calls of one version or alias for which environments are to be started before they come.</summary>
public sealed record ProvisionedConcurrency
{
    /// <summary>Calls at a time outside of all windows; 0 when there are only windows.</summary>
    public int Count { get; init; }

    /// <summary>Times at which another count holds.</summary>
    public ImmutableArray<ProvisionedWindow> Windows { get; init; } = [];

    public required DateTimeOffset LastModifiedAt { get; init; }

    /// <summary>The most that it ever asks for: what has to fit into the limits.</summary>
    public int Peak => Windows.Aggregate(Count, (most, window) => Math.Max(most, window.Count));
}

/// <summary>A time of the week with a count of its own.</summary>
public sealed record ProvisionedWindow
{
    /// <summary>Calls at a time while the window is open; of several open ones the largest count holds.</summary>
    public required int Count { get; init; }

    /// <summary>On the clock of <see cref="Zone"/>.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>On the same clock; not after <see cref="From"/>: on the next day.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>The days on which the window opens.</summary>
    public required DaysOfWeek Days { get; init; }

    /// <summary>IANA name, such as Europe/Berlin.</summary>
    public required string Zone { get; init; }
}

/// <summary>A set of days.</summary>
[Flags]
public enum DaysOfWeek
{
    None = 0,
    Sunday = 1,
    Monday = 2,
    Tuesday = 4,
    Wednesday = 8,
    Thursday = 16,
    Friday = 32,
    Saturday = 64,
    Every = 127,
}
