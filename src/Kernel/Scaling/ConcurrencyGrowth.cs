namespace Lambent.Kernel.Scaling;

/// <summary>
/// How fast a function's calls in flight may become more: by as many as a bucket of tokens holds at once, and by those
/// that flow into it. What was reached before costs no tokens again, until it was not needed for a while. After AWS
/// Lambda's "Concurrency scaling rate": 1,000 more every 10 seconds, for each function on its own.
/// </summary>
/// <param name="Reached">Calls in flight that are allowed without a token.</param>
/// <param name="Tokens">More of them that are allowed now.</param>
/// <param name="RefilledSeconds">When the tokens were counted, on any clock.</param>
/// <param name="NeededSeconds">When more than <see cref="StepMax"/> calls were in flight last.</param>
public readonly record struct ConcurrencyGrowth(
    int Reached, double Tokens, double RefilledSeconds, double NeededSeconds)
{
    /// <summary>Tokens that a bucket holds.</summary>
    public const int StepMax = Limits.ConcurrencyGrowthMax;

    /// <summary>Environments are gone after about this time without calls.</summary>
    private static readonly double KeptSeconds = Limits.EnvironmentIdleTimeoutDefault.TotalSeconds;

    /// <summary>A function that has had no calls.</summary>
    public static ConcurrencyGrowth Initial(double nowSeconds) => new(0, StepMax, nowSeconds, nowSeconds);

    /// <summary>The next state when so many calls may be in flight now, or null when that is too fast.</summary>
    /// <param name="calls">Calls in flight, with the one that is asked for.</param>
    /// <param name="nowSeconds">Not before the last time.</param>
    public ConcurrencyGrowth? TryReach(int calls, double nowSeconds)
    {
        var reached = Reached;
        if (reached > StepMax && nowSeconds - NeededSeconds > KeptSeconds)
        {
            reached = StepMax;
        }

        var flowed = (nowSeconds - RefilledSeconds) * StepMax / Limits.ConcurrencyGrowthPeriod.TotalSeconds;
        var tokens = Math.Min(StepMax, Tokens + Math.Max(0, flowed));
        var more = Math.Max(0, calls - reached);
        if (more > tokens)
        {
            return null;
        }

        return new ConcurrencyGrowth(
            Math.Max(reached, calls), tokens - more, nowSeconds, calls > StepMax ? nowSeconds : NeededSeconds);
    }
}
