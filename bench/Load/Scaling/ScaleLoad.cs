namespace Lambent.Load.Scaling;

/// <summary>Work that arrives over time: a rate that changes, and messages that come at once.</summary>
internal sealed record ScaleLoad
{
    public required string Name { get; init; }

    public required double EndSeconds { get; init; }

    /// <summary>Arrivals per second at a time.</summary>
    public required Func<double, double> RatePerSecond { get; init; }

    /// <summary>The highest rate at any time.</summary>
    public required double RateMax { get; init; }

    /// <summary>When so many messages arrive at one moment.</summary>
    public IReadOnlyList<(double AtSeconds, int Count)> Bursts { get; init; } = [];

    /// <summary>When the load changes for good; the last ones that settling is measured from.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [];

    public required double MeanExecutionSeconds { get; init; }

    /// <summary>Deviation of the logarithm of execution times; 0 for all alike.</summary>
    public double ExecutionLogDeviation { get; init; }

    /// <summary>Whether arrivals come at even distances instead of by chance.</summary>
    public bool IsEven { get; init; }

    /// <summary>The load of so many equal functions in one.</summary>
    public ScaleLoad Times(int factor) => this with
    {
        RatePerSecond = at => factor * RatePerSecond(at),
        RateMax = factor * RateMax,
        Bursts = [.. Bursts.Select(burst => (burst.AtSeconds, factor * burst.Count))],
    };

    /// <summary>The messages in the order of their arrival.</summary>
    public List<(double AtSeconds, double ExecutionSeconds)> Generate(int seed)
    {
        var random = new Random(seed);
        List<(double AtSeconds, double ExecutionSeconds)> arrivals = [];
        for (var at = 0.0; RateMax > 0;)
        {
            at += IsEven ? EvenDistance(at) : -Math.Log(1 - random.NextDouble()) / RateMax;
            if (at >= EndSeconds)
            {
                break;
            }

            if (IsEven ? RatePerSecond(at) > 0 : random.NextDouble() * RateMax < RatePerSecond(at))
            {
                arrivals.Add((at, Execution(random)));
            }
        }

        foreach (var (at, count) in Bursts)
        {
            arrivals.AddRange(Enumerable.Range(0, count).Select(_ => (at, Execution(random))));
        }

        arrivals.Sort((one, other) => one.AtSeconds.CompareTo(other.AtSeconds));
        return arrivals;
    }

    private double EvenDistance(double at) => 1 / (RatePerSecond(at) > 0 ? RatePerSecond(at) : RateMax);

    /// <summary>A log-normal time with the mean that was asked for.</summary>
    private double Execution(Random random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var deviation = ExecutionLogDeviation;
        return MeanExecutionSeconds * Math.Exp((deviation * normal) - (deviation * deviation / 2));
    }
}
