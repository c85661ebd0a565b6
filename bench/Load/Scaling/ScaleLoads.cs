namespace Lambent.Load.Scaling;

/// <summary>The loads that policies are compared on, sized for one node.</summary>
internal static class ScaleLoads
{
    private const double Execution = 0.2;

    /// <summary>2,000 messages at once from nothing, and again when all is idle.</summary>
    public static ScaleLoad Burst { get; } = new()
    {
        Name = "burst",
        EndSeconds = 180,
        RatePerSecond = _ => 0,
        RateMax = 0,
        Bursts = [(10, 2_000), (100, 2_000)],
        MeanExecutionSeconds = Execution,
        ExecutionLogDeviation = 0.5,
    };

    /// <summary>From nothing to 200 a second, later to 40.</summary>
    public static ScaleLoad Step { get; } = new()
    {
        Name = "step",
        EndSeconds = 300,
        RatePerSecond = at => at < 10 ? 0 : at < 160 ? 200 : 40,
        RateMax = 200,
        Steps = [10, 160],
        MeanExecutionSeconds = Execution,
        ExecutionLogDeviation = 0.5,
    };

    /// <summary>From 5 to 400 a second within three minutes.</summary>
    public static ScaleLoad Ramp { get; } = new()
    {
        Name = "ramp",
        EndSeconds = 240,
        RatePerSecond = at => at < 180 ? 5 + (395 * at / 180) : 400,
        RateMax = 400,
        MeanExecutionSeconds = Execution,
        ExecutionLogDeviation = 0.5,
    };

    /// <summary>A day and a night, in twenty minutes.</summary>
    public static ScaleLoad Diurnal { get; } = new()
    {
        Name = "diurnal",
        EndSeconds = 1_200,
        RatePerSecond = at => 150 - (140 * Math.Cos(2 * Math.PI * at / 1_200)),
        RateMax = 290,
        MeanExecutionSeconds = Execution,
        ExecutionLogDeviation = 0.5,
    };

    /// <summary>50 callers at once, and again every 20 seconds.</summary>
    public static ScaleLoad HttpBurst { get; } = new()
    {
        Name = "http burst",
        EndSeconds = 90,
        RatePerSecond = _ => 0,
        RateMax = 0,
        Bursts = [(10, 50), (30, 50), (50, 50), (70, 50)],
        MeanExecutionSeconds = Execution,
        ExecutionLogDeviation = 0.5,
    };

    /// <summary>Callers become more for a minute, up to 200 a second.</summary>
    public static ScaleLoad HttpGrowth { get; } = new()
    {
        Name = "http growth",
        EndSeconds = 90,
        RatePerSecond = at => at < 60 ? 1 + (199 * at * at / 3_600) : 200,
        RateMax = 200,
        MeanExecutionSeconds = Execution,
        ExecutionLogDeviation = 0.5,
    };

    /// <summary>Work that waits in a queue.</summary>
    public static IReadOnlyList<ScaleLoad> Queued { get; } = [Burst, Step, Ramp, Diurnal];

    /// <summary>Calls whose callers wait.</summary>
    public static IReadOnlyList<ScaleLoad> Called { get; } = [HttpBurst, HttpGrowth];
}
