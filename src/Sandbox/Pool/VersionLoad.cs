using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>What is going on in one version on this node, for whoever decides how many environments to have.</summary>
public readonly record struct VersionLoad
{
    public required EnvironmentSpecification Specification { get; init; }

    public int CallsInFlight { get; init; }

    /// <summary>Calls that wait for an environment.</summary>
    public int CallsWaiting { get; init; }

    /// <summary>The most that ran and waited at a time since the description before.</summary>
    public int CallsMost { get; init; }

    /// <summary>Calls that asked for an environment, since the version was first called here.</summary>
    public long Arrived { get; init; }

    /// <summary>Calls that found no place, and had an environment started.</summary>
    public long Missed { get; init; }

    /// <summary>Calls that ended.</summary>
    public long Ended { get; init; }

    /// <summary>What those took together.</summary>
    public TimeSpan EndedTime { get; init; }

    /// <summary>What a call takes when nothing is in its way; zero before the first one ended.</summary>
    public TimeSpan Typical { get; init; }

    /// <summary>The longest that ended since the description before.</summary>
    public TimeSpan Longest { get; init; }

    /// <summary>Environments that are started, with or without calls.</summary>
    public int Ready { get; init; }

    /// <summary>Environments on their way.</summary>
    public int Starting { get; init; }

    /// <summary>Calls at a time in one environment, as it is now.</summary>
    public int CallsPerEnvironment { get; init; }

    /// <summary>What the newest environment's start took; zero before the first.</summary>
    public TimeSpan StartTime { get; init; }

    /// <summary>Processor time of a call; zero when not measured.</summary>
    public TimeSpan ProcessorTimePerCall { get; init; }

    /// <summary>The most memory of an environment that was measured; 0 when none was.</summary>
    public int MemoryMegabytes { get; init; }
}
