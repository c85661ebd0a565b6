namespace Lambent.Kernel.Scaling.Control;

/// <summary>
/// How many calls a source with a backlog should have in flight: as many as arrive while one runs (Little's law), and
/// as many more as it takes to be done with what waits in the time that it may take. Out at once, in after it was not
/// needed for some seconds, to zero when there is nothing. State in, state out.
/// </summary>
/// <remarks>
/// Against turning back and forth: a burst is backlog and never rate (<see cref="ArrivalRate"/>). A plan to drain a
/// backlog holds until the backlog is gone; a plan that shrinks with the backlog would take for ever. What waits while
/// each call in flight is busy once is ordinary and needs no plan. A number that is one more than needed stays.
/// </remarks>
public static class QueueScaling
{
    /// <summary>In what time a backlog is to be done, where its owner says nothing.</summary>
    public const double DrainSecondsDefault = 3;

    /// <summary>What a call is taken to last before one has ended.</summary>
    public const double ExecutionSecondsGuess = 1;

    /// <summary>
    /// Environments for each processor that are wanted at once, whatever there is: starting many keeps the processors
    /// from the first calls, which would tell how long they take.
    /// </summary>
    public const double StartsPerCore = 4;

    /// <summary>
    /// Beyond those, environments become at most so many times as many from one decision to the next. On processors
    /// that are full calls only look long, and more environments make them longer.
    /// </summary>
    private const double GrowthRatio = 2;

    private const double GrowthRatioWhenBusy = 1.25;

    /// <summary>
    /// Where processors are full, calls that take no longer undisturbed keep to the environments for each processor:
    /// they are as many as can run, and more of them would only take the processors from each other.
    /// </summary>
    private const double ShortSeconds = 0.01;

    /// <summary>Half of the time, at the most, that calls are kept which the rate does not need any more.</summary>
    public const double HoldSeconds = 2.5;

    private const double HoldSecondsMax = 30;

    /// <summary>A plan is replaced only by one that is so much faster.</summary>
    private const double BehindRatio = 1.25;

    /// <summary>The least part of the drain time that a plan takes, however long the oldest has waited.</summary>
    private const double DrainShareMin = 0.25;

    /// <summary>How busy the calls in flight may be after there became fewer.</summary>
    private const double UtilizationMax = 0.95;

    /// <summary>Arrivals per second below which a source counts as silent.</summary>
    private const double SilentRate = 0.05;

    /// <summary>
    /// An environment of several places is given up when the calls fit into the others with this part of one's places
    /// to spare, or this part of all calls: calls that waver by a few must not start and stop environments.
    /// </summary>
    private const double SparePlaces = 0.25;

    private const double SpareCallsMin = 0.02;
    private const double SpareCallsMax = 0.1;
    private const double Rounding = 1e-6;

    public static (QueueScalingState Next, ScalingDecision Decision) Decide(QueueScalingState state, QueueLoad load)
    {
        var elapsed = state.HasBegun ? Math.Max(0, load.NowSeconds - state.NowSeconds) : 0;
        var arrivals = state.Arrivals.Observe(load.Arrived, elapsed);
        var pace = Pace.Of(load);
        var plan = Plan(state, load, pace);
        var rateCalls = arrivals.PerSecond() / pace.PerCall;
        var backlogCalls = Math.Min(plan / pace.PerCall, pace.WorkCalls);
        var isSilent = load.Backlog <= 0 && arrivals.IsUpToDate && arrivals.PerSecond() < SilentRate;

        // What was for the backlog is not held once that is gone.
        var need = Math.Min(Math.Max(rateCalls, pace.StillBusyCalls) + backlogCalls, Reach(load));
        var peak = plan <= 0 && state.DrainPerSecond > 0
            ? new RecentPeak(need, 0, load.NowSeconds)
            : state.Peak.Observe(need, load.NowSeconds, HoldFor(load.Use));
        var held = arrivals.HeldArrivals > 0 ? state.Wanted : peak.Highest;
        var floor = isSilent ? 0 : 1;
        var (wanted, reason) = Settle(state.Wanted, need, held, floor);
        reason = reason
            ?? (plan > state.DrainPerSecond && state.DrainPerSecond > 0 ? ScalingReason.BehindSchedule
                : backlogCalls > rateCalls ? ScalingReason.Backlog
                : ScalingReason.ArrivalRate);

        var aheadCalls = arrivals.PerSecond(load.Use.StartSeconds + ArrivalRate.BucketSeconds) / pace.PerCall;
        var environments = Environments(state.Environments, wanted, aheadCalls, load.Use);
        var next = new QueueScalingState(load.NowSeconds, HasBegun: true, arrivals, plan, peak, wanted, environments);
        return (next, Limit(load, wanted, environments, reason.Value) with
        {
            RatePerSecond = arrivals.PerSecond(),
            RateCalls = rateCalls,
            ExtraCalls = backlogCalls,
            MessagesPerPlace = Math.Max(pace.MessagesPerCall, pace.PerCall * pace.RemainingSeconds),
        });
    }

    /// <summary>The most calls that there may be environments for soon.</summary>
    private static double Reach(QueueLoad load)
    {
        var ratio = load.Use.ExecutionSeconds <= 0 ? 0
            : !load.Limits.IsBusy ? GrowthRatio
            : load.Use.TypicalSeconds is > 0 and < ShortSeconds ? 0
            : GrowthRatioWhenBusy;
        var most = Math.Max(Math.Floor(load.Limits.NodeCores * StartsPerCore), load.EnvironmentsReady * ratio);
        return Math.Max(1, Math.Floor(most)) * load.Use.Places;
    }

    /// <summary>Messages per second by which the backlog is to shrink besides what arrives.</summary>
    private static double Plan(QueueScalingState state, QueueLoad load, Pace pace)
    {
        if (load.Backlog <= 0)
        {
            return 0;
        }

        var shareOfDrain = Math.Min(1, DrainShareMin * pace.DrainSeconds / pace.ExecutionSeconds);
        if (state.DrainPerSecond <= 0 && load.Backlog <= state.Wanted * pace.MessagesPerCall * shareOfDrain)
        {
            return 0;
        }

        var needed = load.Backlog / pace.RemainingSeconds;
        return state.DrainPerSecond <= 0 || needed > BehindRatio * state.DrainPerSecond ? needed : state.DrainPerSecond;
    }

    /// <summary>From the number before to the one now; the reason is null when it follows the need.</summary>
    private static (int Wanted, ScalingReason? Reason) Settle(int before, double need, double held, int floor)
    {
        var needed = Math.Max(floor, Ceiling(need));
        if (needed > before || (needed == before && before > 0))
        {
            return (needed, null);
        }

        var lower = floor == 0 && held < Rounding
            ? 0
            : Math.Max(floor, Math.Min(Ceiling(held) + 1, Ceiling(held / UtilizationMax)));
        if (lower < before)
        {
            return (lower, lower == 0 ? ScalingReason.Idle : ScalingReason.Falling);
        }

        return (before, before == 0 ? ScalingReason.Idle
            : before - needed <= 1 ? ScalingReason.Settled
            : ScalingReason.Holding);
    }

    private static int Environments(int before, int wanted, double aheadCalls, FunctionUse use)
    {
        if (wanted == 0)
        {
            return 0;
        }

        var needed = use.EnvironmentsFor(Math.Max(wanted, Math.Floor(aheadCalls)));
        var spare = use.Places == 1 ? 0 : Math.Floor(
            Math.Min(SpareCallsMax * wanted, Math.Max(SpareCallsMin * wanted, SparePlaces * use.Places)));
        var lower = use.EnvironmentsFor(wanted + spare);
        return needed >= before ? needed : Math.Clamp(lower, needed, before);
    }

    private static ScalingDecision Limit(QueueLoad load, int wanted, int environments, ScalingReason reason)
    {
        var (most, by) = load.Limits.Calls(load.Use);
        var isAhead = environments > load.Use.EnvironmentsFor(wanted);
        var roomFor = Math.Min(load.Use.EnvironmentsFor(most), load.Limits.Environments(load.Use));
        return new ScalingDecision
        {
            Concurrency = Math.Min(wanted, most),
            Environments = Math.Min(environments, roomFor),
            Wanted = wanted,
            Reason = isAhead && reason == ScalingReason.ArrivalRate ? ScalingReason.GrowingRate : reason,
            Limit = wanted > most ? by : ScalingLimit.None,
            LimitedTo = wanted > most ? most : 0,
        };
    }

    /// <summary>A place is not given up sooner than the longest calls take that may come back to it.</summary>
    private static double HoldFor(FunctionUse use) => Math.Clamp(use.TailSeconds, HoldSeconds, HoldSecondsMax);

    private static int Ceiling(double calls) => (int)Math.Clamp(Math.Ceiling(calls - Rounding), 0, int.MaxValue / 2);

    /// <summary>How fast one call in flight gets work done, and how much of it there is.</summary>
    private readonly record struct Pace(
        double ExecutionSeconds,
        double MessagesPerCall,
        double PerCall,
        double DrainSeconds,
        double RemainingSeconds,
        double StillBusyCalls,
        double WorkCalls)
    {
        public static Pace Of(QueueLoad load)
        {
            var execution = load.Use.ExecutionSeconds > 0 ? load.Use.ExecutionSeconds : ExecutionSecondsGuess;
            var perCall = Math.Max(1, load.MessagesPerCall);
            var drain = load.DrainSeconds > 0 ? load.DrainSeconds : DrainSecondsDefault;
            var least = Math.Min(drain, Math.Max(DrainShareMin * drain, load.Use.TailSeconds));
            var remaining = Math.Max(drain - Math.Max(0, load.OldestSeconds), least);

            // Of calls longer than the time there is, those that run will not be free for what waits.
            var free = Math.Min(1, remaining / execution);
            var inFlight = Math.Max(0, load.CallsInFlight);
            return new Pace(
                execution,
                perCall,
                perCall / execution,
                drain,
                remaining,
                inFlight * (1 - free),
                (Math.Max(0, load.Backlog) / perCall) + (inFlight * free));
        }
    }
}
