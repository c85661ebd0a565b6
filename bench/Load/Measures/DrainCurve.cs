namespace Lambent.Load.Measures;

/// <summary>How many events were executed by when, and what the server held then.</summary>
/// <param name="processorSeconds">That the server took before the start.</param>
internal sealed class DrainCurve(double processorSeconds)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    private readonly List<DrainSample> samples = [new(0, 0, 0, processorSeconds)];

    /// <summary>0 without samples.</summary>
    public long ResidentBytesMax => samples.Max(sample => sample.ResidentBytes);

    /// <param name="sample">No earlier than the last one.</param>
    public void Add(DrainSample sample) => samples.Add(sample);

    /// <summary>Events per second between two counts, each reached when the samples around it say so.</summary>
    public double RateBetween(long from, long to) =>
        (to - from) / (At(to, sample => sample.Seconds) - At(from, sample => sample.Seconds));

    /// <summary>Processor microseconds of the server for each event between two counts.</summary>
    public double MicrosecondsBetween(long from, long to) =>
        (At(to, sample => sample.ProcessorSeconds) - At(from, sample => sample.ProcessorSeconds))
        * MicrosecondsPerSecond / (to - from);

    /// <summary>What the server held when so many events had been executed.</summary>
    public long ResidentBytesAt(long executed) =>
        samples.Skip(1).FirstOrDefault(sample => sample.Executed >= executed, samples[^1]).ResidentBytes;

    /// <summary>Between two samples events are taken to be executed evenly.</summary>
    private double At(long executed, Func<DrainSample, double> value)
    {
        var after = samples.FindIndex(sample => sample.Executed >= executed);
        if (after <= 0)
        {
            return value(after < 0 ? samples[^1] : samples[0]);
        }

        var (before, end) = (samples[after - 1], samples[after]);
        var share = (double)(executed - before.Executed) / (end.Executed - before.Executed);
        return value(before) + (share * (value(end) - value(before)));
    }
}

/// <summary>What was seen at one moment.</summary>
/// <param name="Seconds">Since the start.</param>
/// <param name="Executed">Events since the start.</param>
/// <param name="ResidentBytes">Of the server.</param>
/// <param name="ProcessorSeconds">That the server took since it began.</param>
internal readonly record struct DrainSample(
    double Seconds, long Executed, long ResidentBytes, double ProcessorSeconds);
