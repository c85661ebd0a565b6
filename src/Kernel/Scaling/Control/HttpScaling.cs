namespace Lambent.Kernel.Scaling.Control;

/// <summary>
/// How many environments to have for calls whose callers wait. There is no backlog to plan by: each call that finds no
/// environment starts one by itself, and what is decided here is how many to have started before they are asked for.
/// State in, state out.
/// </summary>
/// <remarks>
/// The calls in flight of independent callers scatter around their mean as a Poisson distribution does. So many places
/// are to be there that a call finds one but for a small chance: the chance at which the expected wait for a start is
/// not worth another environment. Environments that start in milliseconds need hardly any to spare, and while every
/// call finds a place those that are there suffice: then none are added. When the calls become more from one look to
/// the next, twice in a row, those are added that the same growth brings until an environment is ready. Nothing here
/// stops an environment; that is for keep-alive to decide.
///
/// That rate times duration is the mean of the calls in flight holds while neither changes. Just after a first call, or
/// a stall of the machine, the duration is still that of the slow ones: the mean is never taken to be more than there
/// were calls at a time.
/// </remarks>
public static class HttpScaling
{
    /// <summary>An expected wait that nobody notices.</summary>
    private const double WaitSecondsAccepted = 0.001;

    /// <summary>An expected wait that is small beside the call itself.</summary>
    private const double WaitShareAccepted = 0.01;

    private const double RiskMin = 0.002;
    private const double RiskMax = 0.5;

    /// <summary>Growth is foreseen for no longer than this.</summary>
    private const double GrowthSecondsMax = 2;

    /// <summary>Half of the time, at the most, for which spare environments are held against.</summary>
    private const double HoldSeconds = 15;

    /// <summary>Arrivals per second below which keep-alive alone decides.</summary>
    private const double SilentRate = 1 / (2 * HoldSeconds);

    private const double SpareRatioMax = 1.25;

    /// <summary>A mean above which the distribution is taken to be normal.</summary>
    private const double NormalFrom = 200;

    public static (HttpScalingState Next, ScalingDecision Decision) Decide(HttpScalingState state, HttpLoad load)
    {
        var elapsed = state.HasBegun ? Math.Max(0, load.NowSeconds - state.NowSeconds) : 0;
        var arrivals = state.Arrivals.Observe(load.Arrived, elapsed);
        var calls = Math.Max(0, load.CallsInFlight) + Math.Max(0, load.CallsWaiting);
        var ofQueues = Math.Clamp(load.CallsOfQueues, 0, calls);
        var growth = elapsed > 0 ? (calls - state.Calls) / elapsed : state.GrowthPerSecond;
        var use = load.Use;
        var more = Growth(state, growth, calls, use);

        var rate = arrivals.PerSecond(Math.Min(GrowthSecondsMax, use.StartSeconds));
        var rateCalls = Math.Min(rate * use.ExecutionSeconds, Math.Max(calls, load.CallsMost ?? int.MaxValue));
        var isSilent = calls == 0 && rate < SilentRate;
        var mean = Math.Max(0, rateCalls - ofQueues);
        var spare = isSilent ? 0 : ofQueues + (load.Missed > 0 ? ReadyFor(mean, use) : 0);
        var need = Math.Max(calls + more, spare);
        var peak = state.Peak.Observe(need, load.NowSeconds, HoldSeconds);
        var wanted = (int)Math.Min(int.MaxValue / 2, Math.Ceiling(peak.Highest));
        var reason = wanted == 0 ? ScalingReason.Idle
            : wanted > need ? ScalingReason.Holding
            : calls + more < spare ? ScalingReason.ArrivalRate
            : more > 0 ? ScalingReason.GrowingCalls
            : ScalingReason.CallsInFlight;

        var next = new HttpScalingState(load.NowSeconds, HasBegun: true, arrivals, calls, growth, peak);
        var (most, by) = load.Limits.Calls(use with { CoresPerCall = 0 });
        var environments = use.EnvironmentsFor(Math.Min(wanted, most));
        if (reason == ScalingReason.Holding)
        {
            // What was needed a moment ago is not stopped by this, and not worth a start any more.
            var there = load.EnvironmentsReady + load.EnvironmentsStarting;
            environments = Math.Min(environments, Math.Max(use.EnvironmentsFor(Math.Min(need, most)), there));
        }

        return (next, new ScalingDecision
        {
            Concurrency = Math.Min(wanted, most),
            Environments = Math.Min(environments, load.Limits.Environments(use)),
            Wanted = wanted,
            Reason = reason,
            Limit = wanted > most ? by : ScalingLimit.None,
            LimitedTo = wanted > most ? most : 0,
            RatePerSecond = arrivals.PerSecond(),
            RateCalls = rateCalls,
            ExtraCalls = Math.Max(0, need - Math.Max(calls, rateCalls)),
        });
    }

    /// <summary>
    /// How many calls at a time to be ready for when so many are in flight on average: a call finds all of them busy
    /// with at most the chance that is accepted.
    /// </summary>
    /// <param name="meanCalls">Not negative.</param>
    /// <param name="use">What a call takes, and a start.</param>
    public static int PlacesFor(double meanCalls, FunctionUse use)
    {
        if (meanCalls <= 0)
        {
            return 0;
        }

        // Calls this short share hot environments rather than have their own, see EnvironmentPacking.
        if (use.ExecutionSeconds <= EnvironmentPacking.ShortCallMax.TotalSeconds)
        {
            return (int)Math.Ceiling(meanCalls);
        }

        var accepted = Math.Max(WaitSecondsAccepted, WaitShareAccepted * use.ExecutionSeconds);
        var risk = Math.Clamp(accepted / Math.Max(use.StartSeconds, WaitSecondsAccepted), RiskMin, RiskMax);
        return meanCalls > NormalFrom ? NormalQuantile(meanCalls, risk) : PoissonQuantile(meanCalls, risk);
    }

    /// <summary>
    /// Below one call at a time those that coincide are few, and leave an environment behind for the next ones. Callers
    /// that wait for each other scatter less than independent ones: no more than a quarter is added for chance.
    /// </summary>
    private static double ReadyFor(double meanCalls, FunctionUse use) =>
        meanCalls < 1 ? Math.Min(1, meanCalls) : Math.Min(PlacesFor(meanCalls, use), meanCalls * SpareRatioMax);

    /// <summary>More calls than now when an environment that is started now is ready.</summary>
    private static double Growth(HttpScalingState state, double growth, int calls, FunctionUse use)
    {
        // A burst grows once. What grows twice in a row goes on, but what comes is never more than doubled by it.
        var lasting = Math.Min(growth, state.GrowthPerSecond);
        return lasting <= 0 || use.ExecutionSeconds <= EnvironmentPacking.ShortCallMax.TotalSeconds
            ? 0
            : Math.Min(calls, lasting * Math.Min(GrowthSecondsMax, use.StartSeconds));
    }

    /// <summary>The smallest number that is reached with at most this chance.</summary>
    private static int PoissonQuantile(double mean, double chance)
    {
        var (count, term) = (0, Math.Exp(-mean));
        var atLeast = 1.0;
        while (atLeast > chance)
        {
            atLeast -= term;
            count++;
            term *= mean / count;
        }

        return count;
    }

    /// <summary>The same for large means; the quantile after Hastings (Abramowitz and Stegun 26.2.22).</summary>
    private static int NormalQuantile(double mean, double chance)
    {
        var t = Math.Sqrt(-2 * Math.Log(chance));
        var deviations = t - ((2.30753 + (0.27061 * t)) / (1 + (0.99229 * t) + (0.04481 * t * t)));
        return (int)Math.Min(int.MaxValue / 2, Math.Ceiling(mean + (deviations * Math.Sqrt(mean)) + 0.5));
    }
}
