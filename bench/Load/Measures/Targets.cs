namespace Lambent.Load.Measures;

/// <summary>The table of targets, in one place; docs/internals/performance.md explains each.</summary>
internal static class Targets
{
    public static readonly Target ConcurrentUrl = new("T1", 0.7, 1.0);
    public static readonly Target SingleUrl = new("T2", 0.25, 0.45);
    public static readonly Target AgainstWorkerd = new("T3", 1.0, 1.5);
    public static readonly Target AgainstFunctionsFramework = new("T3", 4, 5);
    public static readonly Target SignedInvoke = new("T4", 0.6, 0.9);
    public static readonly Target OneClientLatency = new("T5", 3, 1.8, LowerIsBetter: true);
    public static readonly Target ColdPooled = new("T6", 0.10, 0.02, LowerIsBetter: true);
    public static readonly Target ColdOther = new("T7", 1.3, 0.2, LowerIsBetter: true);
    public static readonly Target NewFunctionsAtOnce = new("T8", 0.5, 0.1, LowerIsBetter: true);
    public static readonly Target DurableEvents = new("T9", 5, 15);
    public static readonly Target WorkflowSteps = new("T10", 3, 15);
    public static readonly Target QueuedMessages = new("T11", 0.7, 1.5);
    public static readonly Target ServerStart = new("T12", 1, 0.4, LowerIsBetter: true, Unit: "s");
    public static readonly Target IdleMemory = new("T12", 150, 80, LowerIsBetter: true, Unit: "MB");
    public static readonly Target MemoryPerFunction = new("T13", 4, 1, LowerIsBetter: true, Unit: "KB");
    public static readonly Target LatencyWithManyFunctions = new("T13", 1.1, 1.0, LowerIsBetter: true);

    /// <summary>What a million events on disk may cost in memory: a small part of what they would as objects.</summary>
    public static readonly Target DrainMemory = new("T14", 40, 20, LowerIsBetter: true, Unit: "MB");

    public static readonly Target DrainRateChange = new("T14", 10, 5, LowerIsBetter: true, Unit: "%");

    public static readonly Target WaitingMemory = new("T15", 50, 20, LowerIsBetter: true, Unit: "MB");

    public static readonly Target WaitingLateness = new("T15", 1, 0.5, LowerIsBetter: true, Unit: "s");

    public static readonly Target ColdStartsKept = new("T16", 1.0, 0.5, LowerIsBetter: true);
    public static readonly Target ColdStartsKeptLonger = new("T16", 1.0, 1.0, LowerIsBetter: true);
    public static readonly Target IdleMemoryKept = new("T16", 1.0, 1.0, LowerIsBetter: true);

    /// <summary>Durations follow the processor share that follows from the memory.</summary>
    public static readonly Target ShareDeviation = new("cpu", 20, 10, LowerIsBetter: true, Unit: "%");

    public static readonly Target MemoryHarm = new("cpu", 0, 0, LowerIsBetter: true, Unit: "failures");
    public static readonly Target PackedEnvironments =
        new("packing", 4, 2, LowerIsBetter: true, Unit: "environments");

    public static readonly Target SpreadCalls = new("packing", 1, 1, LowerIsBetter: true, Unit: "calls");
    public static readonly Target Leftovers = new("cycles", 0, 0, LowerIsBetter: true, Unit: "left");
    public static readonly Target GrownMemory = new("cycles", 40, 20, LowerIsBetter: true, Unit: "MB");

    /// <summary>All that can be seen costs a twentieth of warm calls at most.</summary>
    public static readonly Target TelemetryCost = new("telemetry", 0.95, 0.98);

    /// <summary>Beside a function that is as busy and silent.</summary>
    public static readonly Target BesideFlood = new("telemetry", 0.95, 1.0);

    public static readonly Target KillLosses = new("kills", 0, 0, LowerIsBetter: true, Unit: "events");

    /// <summary>A result is on disk before the call is answered: one write more.</summary>
    public static readonly Target DestinationLatency = new("destination", 2, 1, LowerIsBetter: true, Unit: "ms");

    /// <summary>Fifty sleepers of 200 ms at once: an environment each, so little more than that.</summary>
    public static readonly Target BurstWallTime = new("burst", 1.5, 0.6, LowerIsBetter: true, Unit: "s");

    public static readonly Target BurstEnvironments = new("burst", 50, 50, Unit: "environments");

    /// <summary>Against each other policy; environments are not judged, because a policy may have too few.</summary>
    public static readonly Target ScaleWait = new("scale", 1.0, 0.5, LowerIsBetter: true);

    public static readonly Target ScaleLate = new("scale", 1.0, 0.5, LowerIsBetter: true);
    public static readonly Target ScaleSettled = new("scale", 10, 5, LowerIsBetter: true, Unit: "s");
}
