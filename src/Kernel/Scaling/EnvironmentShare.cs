namespace Lambent.Kernel.Scaling;

/// <summary>
/// How many calls at a time one environment of a version takes, between one and what its owner allows, from what its
/// calls were measured to use. Handlers that wait share environments; those that compute get one each. A version
/// begins with what its owner allows.
/// </summary>
/// <remarks>
/// What a call wants of a processor is what its environment used, and what it waited for: on a crowded machine a
/// computing handler uses little and would look like one that sleeps. An environment that wants all it can get says
/// only that its calls want more than that together, so there the number is halved instead of computed.
/// </remarks>
public readonly record struct EnvironmentShare
{
    /// <summary>Less call time than this in a window says nothing yet: the window goes on.</summary>
    public static readonly TimeSpan EvidenceMin = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Calls may queue for each other in an environment for so long: handlers of less than a process switch run
    /// fastest together, see <see cref="EnvironmentPacking"/>.
    /// </summary>
    public static readonly TimeSpan QueueMax = EnvironmentPacking.PatienceMax;

    /// <summary>How much of what an environment can use its calls may want together.</summary>
    public const double TargetUse = 0.7;

    /// <summary>From here on an environment wants all it can get, and what one call wants cannot be computed.</summary>
    private const double SaturatedUse = 0.9;

    /// <summary>A number changes only when the measured one is so much larger or smaller.</summary>
    private const double Hysteresis = 1.25;

    private const double Smoothing = 0.5;
    private const double MemoryShareMax = 0.85;

    /// <summary>Windows after which one more call is tried with memory that was too little.</summary>
    private const int MemoryPatience = 60;

    private readonly int configured;
    private readonly double coresPerCall;
    private readonly double processorSeconds;
    private readonly int memoryPlaces;
    private readonly int windowsInMemory;

    /// <param name="configured">What the owner allows, at least 1.</param>
    public EnvironmentShare(int configured)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(configured, 1);
        this.configured = configured;
        UsePlaces = configured;
        memoryPlaces = configured;
    }

    /// <summary>Calls at a time in one environment.</summary>
    public int Places => Math.Min(UsePlaces, memoryPlaces);

    /// <summary>What processor time alone allows.</summary>
    private int UsePlaces { get; init; }

    /// <summary>The share after one more window. Windows without enough call time change nothing.</summary>
    public EnvironmentShare Observe(MeasuredUse use)
    {
        if (configured <= 1 || use.CallTime < EvidenceMin || use.BusyTime <= TimeSpan.Zero || use.CoresMax <= 0)
        {
            return this;
        }

        var wanted = (use.ProcessorTime + use.WaitingTime).TotalSeconds;
        var perCall = Smooth(coresPerCall, wanted / use.CallTime.TotalSeconds);
        var seconds = Smooth(processorSeconds, use.ProcessorTime.TotalSeconds / Math.Max(1, use.CallCount));
        var (memory, windows) = ObserveMemory(use);
        return new EnvironmentShare(this, perCall, seconds, memory, windows)
        {
            UsePlaces = ObserveUse(use, wanted, perCall, seconds),
        };
    }

    private EnvironmentShare(
        EnvironmentShare before, double coresPerCall, double processorSeconds, int memoryPlaces, int windowsInMemory)
    {
        configured = before.configured;
        this.coresPerCall = coresPerCall;
        this.processorSeconds = processorSeconds;
        this.memoryPlaces = memoryPlaces;
        this.windowsInMemory = windowsInMemory;
    }

    private int ObserveUse(MeasuredUse use, double wanted, double perCall, double seconds)
    {
        var callsTogether = use.CallTime / use.BusyTime;
        var wantedAtOnce = wanted / use.BusyTime.TotalSeconds;
        var queue = 1 + (QueueMax.TotalSeconds / Math.Max(seconds, 1e-9));
        var fitting = Math.Max(queue, TargetUse * use.CoresMax / Math.Max(perCall, 1e-9));
        if (wantedAtOnce >= SaturatedUse * use.CoresMax && callsTogether > 1)
        {
            fitting = Math.Min(fitting, Math.Max(queue, Math.Min(UsePlaces, callsTogether) / 2));
        }

        fitting = Math.Clamp(fitting, 1, configured);
        if (fitting < UsePlaces / Hysteresis)
        {
            return (int)fitting;
        }

        // At most twice as many at a time: what was measured with few calls need not hold with many.
        return fitting >= UsePlaces * Hysteresis || fitting >= configured
            ? (int)Math.Min(fitting, UsePlaces * 2.0)
            : UsePlaces;
    }

    /// <summary>With so many calls an environment came near its limit: fewer next time.</summary>
    private (int Places, int Windows) ObserveMemory(MeasuredUse use)
    {
        if (use.MemoryShare > MemoryShareMax)
        {
            var fewer = Math.Max(1, Math.Min(memoryPlaces, use.CallsAtMemoryShare) * 3 / 4);
            return (fewer, 0);
        }

        return windowsInMemory + 1 < MemoryPatience || memoryPlaces == configured
            ? (memoryPlaces, windowsInMemory + 1)
            : (memoryPlaces + 1, 0);
    }

    private static double Smooth(double before, double now) =>
        before == 0 ? now : before + ((now - before) * Smoothing);
}
