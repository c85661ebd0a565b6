namespace Lambent.Simulation.Storing;

/// <summary>What goes wrong when the store is asked to write.</summary>
internal enum StoreFault
{
    None,

    /// <summary>The power goes before the commit: nothing of the batch remains.</summary>
    CrashBeforeCommit,

    /// <summary>The power goes after the commit: all of it remains, and nobody was told.</summary>
    CrashAfterCommit,

    /// <summary>All of it remains, and the callers are told that it failed.</summary>
    AppliedButReportedFailed,

    DiskFull,

    /// <summary>The disk reports an error, after which the connection is replaced.</summary>
    DiskError,

    Slow,
}

/// <summary>
/// How often what goes wrong. Each world has only some of the faults, and each of those seldom or often: a fault that
/// is always there hides what happens without it.
/// </summary>
internal sealed class FaultPlan
{
    private readonly Random chance;
    private readonly double[] rates;

    public FaultPlan(Random chance)
    {
        this.chance = chance;
        rates = [.. Enum.GetValues<StoreFault>().Select(fault => fault == StoreFault.None ? 0 : ChooseRate())];
        CrashesPerHour = ChooseRate() * 600;
        PausesPerHour = ChooseRate() * 600;
        ClockStepsPerHour = ChooseRate() * 600;
        LostMessageRate = ChooseRate();
        FalseWakeRate = ChooseRate();
    }

    /// <summary>False at the end of a world, when everything has to come to its end.</summary>
    public bool IsActive { get; set; } = true;

    public double CrashesPerHour { get; }

    public double PausesPerHour { get; }

    public double ClockStepsPerHour { get; }

    /// <summary>Requests and answers that the network loses.</summary>
    public double LostMessageRate { get; }

    public double FalseWakeRate { get; }

    public StoreFault NextStoreFault()
    {
        if (!IsActive)
        {
            return StoreFault.None;
        }

        var drawn = chance.NextDouble();
        foreach (var fault in Enum.GetValues<StoreFault>())
        {
            drawn -= rates[(int)fault];
            if (drawn < 0)
            {
                return fault;
            }
        }

        return StoreFault.None;
    }

    public bool Happens(double rate) => IsActive && chance.NextDouble() < rate;

    /// <summary>Until the next of what happens so often an hour, or null when it does not happen.</summary>
    public TimeSpan? UntilNext(double perHour) =>
        perHour == 0 ? null : TimeSpan.FromHours(-Math.Log(1 - chance.NextDouble()) / perHour);

    private double ChooseRate() => chance.Next(2) == 0 ? 0 : Math.Pow(10, -3 + (2 * chance.NextDouble()));
}
