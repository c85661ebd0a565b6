using System.Globalization;

namespace Lambent.Kernel.Metrics;

/// <summary>What is made of the values of a stretch of time.</summary>
/// <param name="Name">sum, average, min, max, count, or p and a percentage.</param>
/// <param name="Percent">Of a percentile; else null.</param>
public readonly record struct MetricStatistic(string Name, double? Percent = null)
{
    public static readonly MetricStatistic Sum = new("sum");
    public static readonly MetricStatistic Average = new("average");
    public static readonly MetricStatistic Min = new("min");
    public static readonly MetricStatistic Max = new("max");
    public static readonly MetricStatistic Count = new("count");

    private static readonly MetricStatistic[] Plain = [Sum, Average, Min, Max, Count];

    public static MetricStatistic Percentile(double percent) =>
        new("p" + percent.ToString(CultureInfo.InvariantCulture), percent);

    /// <param name="text">One of the five, or p0 to p100 with decimals, such as p99.9.</param>
    /// <param name="field">The request's field, for the error.</param>
    public static Result<MetricStatistic> Parse(string text, string field)
    {
        if (Plain.FirstOrDefault(known => known.Name == text) is { Name: not null } plain)
        {
            return plain;
        }

        return text.StartsWith('p') && text.Length <= 16
            && double.TryParse(
                text.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is >= 0 and <= 100
            ? Percentile(percent)
            : new Error(
                ErrorCode.ValidationFailed,
                $"'{text}' is no statistic: sum, average, min, max, count, or a percentile such as p50, p95, p99.9.",
                field);
    }

    /// <returns>Null when there is nothing to say: no value, or no distribution to take a percentile of.</returns>
    public double? Of(MetricValue value) => Percent is { } percent
        ? value.Percentile(percent)
        : Name switch
        {
            "sum" => value.Sum,
            "count" => value.Count,
            _ when value.Count == 0 => null,
            "average" => value.Sum / value.Count,
            "min" => value.Min,
            _ => value.Max,
        };
}

/// <summary>One metric in one stretch of time.</summary>
/// <param name="Count">How many values there were: for errors, for example, as many as calls.</param>
/// <param name="Sum">Of the values.</param>
/// <param name="Min">0 without a value, as the maximum.</param>
/// <param name="Max">The largest.</param>
/// <param name="Distribution">Where percentiles come from; null for what only ever is 0 or 1.</param>
/// <param name="Scale">What values of the distribution are multiplied with.</param>
public readonly record struct MetricValue(
    double Count, double Sum, double Min, double Max, MetricDistribution? Distribution = null, double Scale = 1)
{
    /// <summary>Null when there is nothing to say.</summary>
    public double? Percentile(double percent)
    {
        if (Count <= 0)
        {
            return null;
        }

        // Of what is 0 or 1, so many are 1.
        return Distribution?.Percentile(percent) * Scale
            ?? (Count - Sum >= Math.Max(1, Math.Ceiling(percent / 100 * Count)) ? Min : Max);
    }

    /// <summary>Of so many things so many had something.</summary>
    public static MetricValue Share(double things, double had) => things <= 0
        ? default
        : new MetricValue(things, had, had >= things ? 1 : 0, had > 0 ? 1 : 0);

    public static MetricValue Of(MetricDistribution? measured, double scale) => measured is not { Count: > 0 }
        ? default
        : new MetricValue(
            measured.Count, measured.Sum * scale, measured.Min * scale, measured.Max * scale, measured, scale);
}
