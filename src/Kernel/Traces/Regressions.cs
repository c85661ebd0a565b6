namespace Lambent.Kernel.Traces;

/// <summary>How long spans of one name took, in the order of time.</summary>
/// <param name="Name">handler, init…, or a custom span's.</param>
/// <param name="IsCold">Of calls that waited for an environment's start.</param>
/// <param name="IsCustom">Whether the function's code sent them.</param>
/// <param name="Milliseconds">Their durations.</param>
public sealed record SpanTimes(string Name, bool IsCold, bool IsCustom, IReadOnlyList<double> Milliseconds);

/// <summary>A release, with what its calls took.</summary>
/// <param name="Name">As people know it.</param>
/// <param name="Spans">By name and temperature, each once.</param>
public sealed record ReleaseTimes(string Name, IReadOnlyList<SpanTimes> Spans);

public enum SpanVerdict
{
    NoChange,

    /// <summary>One of the two releases has fewer than <see cref="Regressions.CallsMin"/> of these spans.</summary>
    TooFewCalls,

    Slower,

    Faster,
}

/// <summary>What became of spans of one name from one release to the next.</summary>
public sealed record SpanChange
{
    /// <summary>The later release.</summary>
    public required string Release { get; init; }

    /// <summary>The one before.</summary>
    public required string Before { get; init; }

    public required string Span { get; init; }

    public bool IsCold { get; init; }

    public bool IsCustom { get; init; }

    public SpanVerdict Verdict { get; init; }

    public int CallsBefore { get; init; }

    public int Calls { get; init; }

    /// <summary>In ms, as all that follows but <see cref="P"/>.</summary>
    public double MedianBefore { get; init; }

    public double Median { get; init; }

    /// <summary>Hodges and Lehmann's estimate of the shift, with its interval of 99 %.</summary>
    public double Shift { get; init; }

    public double ShiftLow { get; init; }

    public double ShiftHigh { get; init; }

    /// <summary>After Holm's correction over all that was compared; 1 where nothing was.</summary>
    public double P { get; init; } = 1;
}

/// <summary>What was found.</summary>
/// <param name="Changes">All that was compared, in the order of the releases.</param>
/// <param name="Culprit">The slowdown to look at: of the worst release the innermost span that explains it.</param>
public sealed record RegressionReport(IReadOnlyList<SpanChange> Changes, SpanChange? Culprit)
{
    /// <summary>Whether there was enough to compare anything.</summary>
    public bool IsConclusive => Changes.Any(change => change.Verdict != SpanVerdict.TooFewCalls);
}

/// <summary>
/// Says in which release which span became slower, and says nothing of what did not change: a difference counts when it
/// is significant over all that was compared (p below 0.01 after Holm's correction) and surely large enough to matter:
/// the whole interval of the shift is beyond the least that does.
/// </summary>
public static class Regressions
{
    /// <summary>
    /// Below so many spans in either release nothing is said: one burst of a neighbour could be all of a release.
    /// </summary>
    public const int CallsMin = 100;

    public const double Significance = 0.01;

    /// <summary>A smaller shift of the median does not matter, in ms.</summary>
    public const double ShiftMin = 1;

    /// <summary>The same as a part of the median before.</summary>
    public const double ShareMin = 0.05;

    /// <summary>Each release is looked at in so many parts of its time.</summary>
    private const int Parts = 4;

    /// <summary>Of all pairs of parts so many must differ the same way: a burst is in one part, code in all.</summary>
    private const int PartsAgreeingMin = 13;

    /// <summary>A span inside explains the one around it when it has so much of its shift.</summary>
    private const double ExplainedMin = 0.7;

    /// <param name="releases">From the oldest to the newest.</param>
    public static RegressionReport Find(IReadOnlyList<ReleaseTimes> releases)
    {
        var changes = new List<SpanChange>();
        var compared = new List<(int Index, RankComparison Result, SpanTimes Former, SpanTimes Span)>();
        for (var index = 1; index < releases.Count; index++)
        {
            var (before, after) = (releases[index - 1], releases[index]);
            foreach (var span in after.Spans)
            {
                var former = before.Spans.FirstOrDefault(other =>
                    other.Name == span.Name && other.IsCold == span.IsCold && other.IsCustom == span.IsCustom);
                var change = Change(before, after, former, span);
                if (change.Verdict != SpanVerdict.TooFewCalls)
                {
                    var result = RankTest.Compare(former!.Milliseconds, span.Milliseconds);
                    compared.Add((changes.Count, result, former, span));
                }

                changes.Add(change);
            }
        }

        // Holm: the smallest p is held against all, the next against the rest, and no later one is smaller.
        var largest = 0.0;
        var left = compared.Count;
        foreach (var (index, result, former, span) in compared.OrderBy(one => one.Result.P))
        {
            largest = Math.Max(largest, Math.Min(1, result.P * left--));
            var judged = Judge(changes[index], result, largest);
            changes[index] = judged.Verdict == SpanVerdict.NoChange || IsSteady(judged, former, span)
                ? judged
                : judged with { Verdict = SpanVerdict.NoChange };
        }

        return new RegressionReport(changes, Culprit(changes));
    }

    private static SpanChange Change(
        ReleaseTimes before, ReleaseTimes after, SpanTimes? former, SpanTimes span) => new()
    {
        Release = after.Name,
        Before = before.Name,
        Span = span.Name,
        IsCold = span.IsCold,
        IsCustom = span.IsCustom,
        CallsBefore = former?.Milliseconds.Count ?? 0,
        Calls = span.Milliseconds.Count,
        MedianBefore = former is null ? 0 : RankTest.Median(former.Milliseconds),
        Median = RankTest.Median(span.Milliseconds),
        Verdict = former is null || former.Milliseconds.Count < CallsMin || span.Milliseconds.Count < CallsMin
            ? SpanVerdict.TooFewCalls
            : SpanVerdict.NoChange,
    };

    private static SpanChange Judge(SpanChange change, RankComparison result, double p)
    {
        var moved = change.Median - change.MedianBefore;
        var least = Math.Max(ShiftMin, ShareMin * change.MedianBefore);
        var isChange = p < Significance
            && ((moved >= least && result.ShiftLow >= least) || (moved <= -least && result.ShiftHigh <= -least));
        return change with
        {
            P = p,
            Shift = result.Shift,
            ShiftLow = result.ShiftLow,
            ShiftHigh = result.ShiftHigh,
            Verdict = !isChange ? SpanVerdict.NoChange : moved > 0 ? SpanVerdict.Slower : SpanVerdict.Faster,
        };
    }

    /// <summary>Whether the difference is there over the whole time of both releases.</summary>
    private static bool IsSteady(SpanChange change, SpanTimes former, SpanTimes span)
    {
        var least = Math.Max(ShiftMin, ShareMin * change.MedianBefore) / 2;
        var (before, after) = (MediansOfParts(former.Milliseconds), MediansOfParts(span.Milliseconds));
        var agreeing = before.Sum(one => after.Count(other =>
            change.Verdict == SpanVerdict.Slower ? other - one >= least : one - other >= least));
        return agreeing >= PartsAgreeingMin;
    }

    private static double[] MediansOfParts(IReadOnlyList<double> values)
    {
        var medians = new double[Parts];
        for (var part = 0; part < Parts; part++)
        {
            var (from, to) = (part * values.Count / Parts, (part + 1) * values.Count / Parts);
            medians[part] = RankTest.Median(values.Skip(from).Take(to - from));
        }

        return medians;
    }

    private static SpanChange? Culprit(List<SpanChange> changes)
    {
        var slower = changes.Where(change => change.Verdict == SpanVerdict.Slower).ToList();
        if (slower.Count == 0)
        {
            return null;
        }

        // Warm calls are most calls: a slower start is looked at when they are not slower.
        var worst = slower.OrderBy(change => change.IsCold).ThenByDescending(change => change.Shift).First();
        return slower
            .Where(change => change.Release == worst.Release && change.IsCold == worst.IsCold
                && change.Shift >= ExplainedMin * worst.Shift)
            .OrderByDescending(change => change.IsCustom)
            .ThenBy(change => change.MedianBefore)
            .First();
    }
}
