using System.Diagnostics.CodeAnalysis;

namespace Lambent.Kernel.Scaling;

/// <summary>What a <see cref="KeepAliveDecision"/> rests on.</summary>
public enum KeepAliveBasis
{
    /// <summary>Too little is known, or nothing can be told from it.</summary>
    Fixed,

    /// <summary>The histogram of idle times.</summary>
    Histogram,

    /// <summary>The forecast, where most idle times are longer than the histogram's range.</summary>
    Forecast,
}

/// <summary>
/// What to do with a function's last environment. All times are from the end of the last call.
/// </summary>
/// <param name="Basis">What was asked.</param>
/// <param name="LetGoAfter">When the environment that served the call is stopped.</param>
/// <param name="PreWarmAfter">
/// When a new one is started ahead of the next call; null when the first one is kept instead.
/// </param>
/// <param name="StopAfter">When no call is expected any more, and the environment started ahead is stopped.</param>
public readonly record struct KeepAliveDecision(
    KeepAliveBasis Basis, TimeSpan LetGoAfter, TimeSpan? PreWarmAfter, TimeSpan StopAfter)
{
    /// <summary>Keep for this long, start nothing ahead.</summary>
    public static KeepAliveDecision Keep(KeepAliveBasis basis, TimeSpan duration) =>
        new(basis, duration, null, duration);
}

/// <summary>The parameters of <see cref="KeepAlivePolicy"/>.</summary>
public sealed record KeepAliveOptions
{
    /// <summary>How long an environment is kept when nothing better is known.</summary>
    public TimeSpan FixedDuration { get; init; } = Limits.EnvironmentIdleTimeoutDefault;

    /// <summary>
    /// How long every environment is kept before the history is asked. Shorter idle times need no prediction and are
    /// not to be added to a history: the calls of one burst would drown the times between bursts.
    /// </summary>
    public TimeSpan SettlingTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>This share of the shortest idle times is not waited for.</summary>
    public double HeadShare { get; init; } = 0.05;

    /// <summary>
    /// What a cold start is worth: so much memory kept idle for so long. A window is widened as far as it saves cold
    /// starts at this price, so the tail of the idle times is cut where covering it costs more, and a small function
    /// is kept longer than a large one.
    /// </summary>
    public double ColdStartPriceMegabyteMinutes { get; init; } = 170 * 28;

    /// <summary>What starting ahead costs in processor time, counted as memory kept.</summary>
    public double StartPriceMegabyteMinutes { get; init; } = 170 * 0.5;

    /// <summary>
    /// So many idle times are imagined beside those known, spread as those of all functions are: the shorter the more
    /// frequent. They keep a few samples from being taken for everything that can happen.
    /// </summary>
    public double ImaginedCount { get; init; } = 2;

    /// <summary>A window begins so much before its first bin, and ends so much after its last one.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Idle times known before the histogram is believed.</summary>
    public int SamplesMin { get; init; } = 2;

    /// <summary>The variation of the bins' counts from which the histogram has a shape to go by.</summary>
    public double BinCountVariationMin { get; init; } = 2;

    /// <summary>Stopping and starting again pays off from this long without an environment.</summary>
    public TimeSpan AbsenceMin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Idle times known before the forecast is believed.</summary>
    public int ForecastSamplesMin { get; init; } = 2;

    /// <summary>By this share of itself the forecast may at least be wrong.</summary>
    public double ForecastMargin { get; init; } = 0.15;

    /// <summary>A forecast that errs by a larger share of itself is none.</summary>
    public double ForecastErrorMax { get; init; } = 0.25;
}

/// <summary>
/// How long to keep a function's environment after a call, and whether to stop it at once and start one ahead of the
/// next call instead. Pure: the same history gives the same answer. See docs/internals/keep-alive.md.
/// </summary>
public sealed class KeepAlivePolicy(KeepAliveOptions options)
{
    private static readonly double[] ImaginedShares = Imagine();

    public KeepAliveOptions Options { get; } = options;

    /// <summary>For the last environment of a function in which no call runs.</summary>
    /// <param name="history">Idle times so far, those below the settling time left out; null for none.</param>
    /// <param name="memoryMegabytes">What an environment is given.</param>
    public KeepAliveDecision Decide(IdleHistory? history, double memoryMegabytes)
    {
        if (history is not null && history.CountLonger > history.CountInRange)
        {
            return DecideByForecast(history);
        }

        return IsRepresentative(history)
            ? DecideByHistogram(history, memoryMegabytes, history.BinAt(Options.HeadShare))
            : KeepAliveDecision.Keep(KeepAliveBasis.Fixed, Options.FixedDuration);
    }

    /// <summary>
    /// For environments beside the last one: they are kept or not, but not started ahead.
    /// </summary>
    /// <param name="history">Times between needing so many environments and needing them again.</param>
    /// <param name="memoryMegabytes">What an environment is given.</param>
    public KeepAliveDecision DecideFurther(IdleHistory? history, double memoryMegabytes) =>
        IsRepresentative(history)
            ? DecideByHistogram(history, memoryMegabytes, latestStart: 0)
            : KeepAliveDecision.Keep(KeepAliveBasis.Fixed, Options.FixedDuration);

    private bool IsRepresentative([NotNullWhen(true)] IdleHistory? history) =>
        history is not null
        && history.CountInRange >= Options.SamplesMin
        && history.BinCountVariation() >= Options.BinCountVariationMin;

    /// <summary>
    /// The cheapest window among those that begin where an idle time has ended before, or with no absence at all.
    /// </summary>
    private KeepAliveDecision DecideByHistogram(IdleHistory history, double memoryMegabytes, int latestStart)
    {
        var settlingMinutes = Options.SettlingTime.TotalMinutes;
        var earliestStart = (Options.SettlingTime + Options.AbsenceMin + Options.Margin).TotalMinutes;
        var prices = new WindowPrices(
            Options.ColdStartPriceMegabyteMinutes / memoryMegabytes,
            Options.StartPriceMegabyteMinutes / memoryMegabytes,
            settlingMinutes);
        var best = CheapestEnd(history, 0, 0, prices);
        var missed = 0.0;
        for (var first = 0; first <= latestStart; first++)
        {
            if (history.CountOf(first) > 0 && first >= earliestStart)
            {
                var candidate = CheapestEnd(history, first, missed, prices);
                best = candidate.Cost < best.Cost ? candidate : best;
            }

            missed += CountOf(history, first);
        }

        return Window(KeepAliveBasis.Histogram, TimeSpan.FromMinutes(best.From), TimeSpan.FromMinutes(best.To));
    }

    /// <summary>The cheapest of the windows that begin with a bin.</summary>
    /// <param name="history">The idle times.</param>
    /// <param name="first">The bin; 0 when the environment is kept rather than started ahead.</param>
    /// <param name="missed">Idle times that end before it, imagined ones among them.</param>
    /// <param name="prices">What is weighed against what.</param>
    private PricedWindow CheapestEnd(IdleHistory history, int first, double missed, WindowPrices prices)
    {
        var from = first == 0 ? 0 : first - Options.Margin.TotalMinutes;
        var total = history.CountInRange + history.CountLonger + Options.ImaginedCount;
        var overhead = first == 0
            ? 0
            : (total * prices.SettlingMinutes) + ((total - missed) * prices.StartMinutes);
        var best = new PricedWindow(double.PositiveInfinity, 0, 0);
        var (hits, hitMinutes) = (0.0, 0.0);
        for (var bin = first; bin < IdleHistory.BinCount; bin++)
        {
            var count = CountOf(history, bin);
            hits += count;
            hitMinutes += count * (bin + 0.5 - from);
            var to = bin + 1 + Options.Margin.TotalMinutes;
            var cost = ((total - hits) * prices.ColdStartMinutes)
                + hitMinutes + ((total - missed - hits) * (to - from)) + overhead;
            best = cost < best.Cost ? new PricedWindow(cost, from, to) : best;
        }

        return best;
    }

    private double CountOf(IdleHistory history, int bin) =>
        history.CountOf(bin) + (Options.ImaginedCount * ImaginedShares[bin]);

    /// <summary>The density of idle times over all functions falls about with their length.</summary>
    private static double[] Imagine()
    {
        const double Offset = 3;
        var shares = Enumerable.Range(0, IdleHistory.BinCount).Select(bin => 1 / (bin + Offset)).ToArray();
        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    private KeepAliveDecision DecideByForecast(IdleHistory history)
    {
        var (mean, deviation) = (history.ForecastMean, history.ForecastDeviation);
        if (history.ForecastCount < Options.ForecastSamplesMin || deviation > mean * Options.ForecastErrorMax)
        {
            return KeepAliveDecision.Keep(KeepAliveBasis.Fixed, Options.FixedDuration);
        }

        var spread = Max(mean * Options.ForecastMargin, deviation * 2);
        return Window(KeepAliveBasis.Forecast, mean - spread, mean + spread);
    }

    private KeepAliveDecision Window(KeepAliveBasis basis, TimeSpan from, TimeSpan to)
    {
        to = Max(to, Options.SettlingTime);
        return from - Options.SettlingTime >= Options.AbsenceMin
            ? new KeepAliveDecision(basis, Options.SettlingTime, from, to)
            : KeepAliveDecision.Keep(basis, to);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>In minutes of an environment's memory.</summary>
    private readonly record struct WindowPrices(double ColdStartMinutes, double StartMinutes, double SettlingMinutes);

    private readonly record struct PricedWindow(double Cost, double From, double To);
}
