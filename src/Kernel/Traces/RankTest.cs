namespace Lambent.Kernel.Traces;

/// <summary>How two series of durations differ.</summary>
/// <param name="P">Two-sided probability of a difference like this where there is none.</param>
/// <param name="Shift">By how much a typical value of the second is larger (Hodges-Lehmann), in their unit.</param>
/// <param name="ShiftLow">Lower end of the shift's confidence interval (99 %).</param>
/// <param name="ShiftHigh">Upper end.</param>
/// <param name="Correlation">Of so many values in a row one counts: 1 for independent ones.</param>
public readonly record struct RankComparison(
    double P, double Shift, double ShiftLow, double ShiftHigh, double Correlation);

/// <summary>
/// Mann and Whitney's U with the correction for ties, for series in the order of time. Durations come in bursts, so
/// neighbours are alike and tell less than their number: the variance of U is widened by how long the ranks of a series
/// resemble those before them (the integrated autocorrelation time, summed after Geyer's initial positive sequence).
/// </summary>
public static class RankTest
{
    /// <summary>Of longer series evenly spread values are compared pair by pair.</summary>
    private const int PairedMax = 160;

    /// <summary>z of a two-sided interval of 99 %.</summary>
    private const double IntervalZ = 2.5758;

    /// <param name="before">At least two values, in the order of time.</param>
    /// <param name="after">The same.</param>
    public static RankComparison Compare(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        var (m, n) = (before.Count, after.Count);
        var ranks = Ranks([.. before, .. after], out var ties);
        var first = ranks.AsSpan(0, m);
        var second = ranks.AsSpan(m);
        var correlation = Math.Max(CorrelationTime(first), CorrelationTime(second));

        var u = -n * (n + 1) / 2.0;
        foreach (var rank in second)
        {
            u += rank;
        }

        double total = m + n;
        var variance = (double)m * n / 12 * (total + 1 - (ties / (total * (total - 1)))) * correlation;
        var distance = Math.Max(0, Math.Abs(u - (m * (double)n / 2)) - 0.5);
        var p = variance <= 0 ? 1 : Probability(distance / Math.Sqrt(variance), total / correlation);
        var (shift, low, high) = Shift(before, after, correlation);
        return new RankComparison(p, shift, low, high, correlation);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// Two-sided. The variance is an estimate, of few independent values a poor one: Student's t has its tails, here by
    /// the transformation to a normal deviate (Abramowitz and Stegun, 26.7.8).
    /// </summary>
    private static double Probability(double t, double independent)
    {
        var freedom = Math.Max(2, independent - 2);
        var z = t * (1 - (1 / (4 * freedom))) / Math.Sqrt(1 + (t * t / (2 * freedom)));
        return Complement(z / Math.Sqrt(2));
    }

    /// <summary>Ranks from 1, equal values sharing theirs; <paramref name="ties"/> is the sum of t³ - t.</summary>
    private static double[] Ranks(double[] values, out double ties)
    {
        var order = new int[values.Length];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        Array.Sort(order, (one, other) => values[one].CompareTo(values[other]));
        var ranks = new double[values.Length];
        ties = 0;
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            while (to < order.Length && values[order[to]].Equals(values[order[from]]))
            {
                to++;
            }

            double count = to - from;
            ties += (count * count * count) - count;
            for (var index = from; index < to; index++)
            {
                ranks[order[index]] = (from + 1 + to) / 2.0;
            }

            from = to;
        }

        return ranks;
    }

    private static double CorrelationTime(ReadOnlySpan<double> ranks)
    {
        var mean = 0.0;
        foreach (var rank in ranks)
        {
            mean += rank / ranks.Length;
        }

        var variance = Covariance(ranks, mean, 0);
        if (variance <= 0)
        {
            return 1;
        }

        var sum = 0.0;
        for (var lag = 1; lag + 1 < ranks.Length / 2; lag += 2)
        {
            var pair = (Covariance(ranks, mean, lag) + Covariance(ranks, mean, lag + 1)) / variance;
            if (pair <= 0)
            {
                break;
            }

            sum += pair;
        }

        return Math.Clamp(1 + (2 * sum), 1, ranks.Length / 2.0);
    }

    private static double Covariance(ReadOnlySpan<double> ranks, double mean, int lag)
    {
        var sum = 0.0;
        for (var index = lag; index < ranks.Length; index++)
        {
            sum += (ranks[index] - mean) * (ranks[index - lag] - mean);
        }

        return sum / ranks.Length;
    }

    private static (double Shift, double Low, double High) Shift(
        IReadOnlyList<double> before, IReadOnlyList<double> after, double correlation)
    {
        var (some, others) = (Thin(before), Thin(after));
        var differences = new double[some.Length * others.Length];
        for (var row = 0; row < some.Length; row++)
        {
            for (var column = 0; column < others.Length; column++)
            {
                differences[(row * others.Length) + column] = others[column] - some[row];
            }
        }

        Array.Sort(differences);
        double pairs = differences.Length;
        var half = IntervalZ * Math.Sqrt(correlation * pairs * (some.Length + others.Length + 1) / 12);
        var low = (int)Math.Clamp((pairs / 2) - half, 0, pairs - 1);
        var high = (int)Math.Clamp((pairs / 2) + half, 0, pairs - 1);
        return (Median(differences), differences[low], differences[high]);
    }

    private static double[] Thin(IReadOnlyList<double> values)
    {
        if (values.Count <= PairedMax)
        {
            return [.. values];
        }

        var thinned = new double[PairedMax];
        for (var index = 0; index < PairedMax; index++)
        {
            thinned[index] = values[(int)((long)index * values.Count / PairedMax)];
        }

        return thinned;
    }

    /// <summary>The complementary error function (Numerical Recipes, "erfcc"): relative error below 1.2e-7.</summary>
    private static double Complement(double x)
    {
        var t = 1 / (1 + (0.5 * x));
        ReadOnlySpan<double> coefficients =
        [
            0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
            1.00002368, -1.26551223,
        ];
        var sum = 0.0;
        foreach (var coefficient in coefficients)
        {
            sum = (sum * t) + coefficient;
        }

        return t * Math.Exp((-x * x) + sum);
    }
}
