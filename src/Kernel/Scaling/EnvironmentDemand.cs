namespace Lambent.Kernel.Scaling;

/// <summary>What is known of a version's environments when a call arrives.</summary>
/// <param name="BusyCount">Environments with a call in them.</param>
/// <param name="StartingCount">Environments on their way.</param>
/// <param name="WaiterCount">Calls that wait already.</param>
/// <param name="TypicalDuration">What calls take when nothing is in their way; zero before the first one ended.</param>
/// <param name="ProcessorCount">Processors of this node.</param>
public readonly record struct EnvironmentDemand(
    int BusyCount, int StartingCount, int WaiterCount, TimeSpan TypicalDuration, int ProcessorCount);

/// <summary>
/// Whether a call should wait for an environment that is busy rather than take or start another one. Calls far
/// shorter than a process switch run fastest through few hot environments: on two cores, 32 environments of a
/// sub-millisecond handler serve about half of what four do. A wait that turns out longer than expected ends after
/// <see cref="PatienceMax"/>, when the next call is let through to another environment.
/// </summary>
public static class EnvironmentPacking
{
    /// <summary>Calls that take longer than this always get an environment of their own.</summary>
    public static readonly TimeSpan ShortCallMax = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a call waits while no environment becomes free.</summary>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromMilliseconds(5);

    /// <summary>Calls for each busy environment that keep it busy from one call to the next.</summary>
    private const int CallsPerEnvironment = 4;

    /// <summary>
    /// The most calls of a backlog that are worth having in flight: more would only wait for the same few
    /// environments, or have others started. Grows with the environments that turn out to be needed. Null: calls have
    /// environments of their own.
    /// </summary>
    public static int? CallsInFlight(EnvironmentDemand demand) =>
        demand.TypicalDuration <= TimeSpan.Zero || demand.TypicalDuration > ShortCallMax
            ? null
            : CallsPerEnvironment * Math.Max(Math.Max(2, demand.ProcessorCount), demand.BusyCount);

    public static bool ShouldWait(EnvironmentDemand demand)
    {
        if (demand.TypicalDuration <= TimeSpan.Zero || demand.TypicalDuration > ShortCallMax)
        {
            return false;
        }

        if (demand.BusyCount < Math.Max(2, demand.ProcessorCount))
        {
            return false;
        }

        var expectedWait = demand.TypicalDuration * ((demand.WaiterCount + 1.0) / demand.BusyCount);
        return expectedWait <= PatienceMax;
    }
}
