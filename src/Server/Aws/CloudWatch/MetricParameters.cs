using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>Parameters that several operations have.</summary>
internal static class MetricParameters
{
    public const int DimensionsMax = 30;
    private const int NameMax = 255;

    /// <summary>AWS's own bounds of a request for figures.</summary>
    private const int YearsMax = 2;

    public static MetricName Name(CloudWatchInput input) => new(
        input.RequiredText("Namespace", NameMax),
        input.RequiredText("MetricName", NameMax),
        Dimensions(input),
        input.Text("Unit"));

    public static IReadOnlyDictionary<string, string> Dimensions(CloudWatchInput input)
    {
        var dimensions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var dimension in input.Structures("Dimensions", DimensionsMax))
        {
            var name = dimension.RequiredText("Name", NameMax);
            dimensions[name] = dimension.RequiredText("Value", 1_024);
        }

        return dimensions;
    }

    /// <summary>The two times, whole minutes.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Times(CloudWatchInput input)
    {
        var minute = TimeSpan.FromMinutes(1);
        var (from, to) = (input.RequiredTime("StartTime"), input.RequiredTime("EndTime"));
        if (input.Failure is null && from >= to)
        {
            input.Fail(CloudWatchErrors.WrongCombination(
                "The parameter StartTime must be less than the parameter EndTime.", "StartTime"));
        }
        else if (input.Failure is null && to - from > TimeSpan.FromDays(366 * YearsMax))
        {
            input.Fail(new Error(
                ErrorCode.InvalidParameter, "The time between StartTime and EndTime must be at most two years.",
                "StartTime"));
        }

        return (MetricSpans.Floor(from, minute), MetricSpans.Ceiling(to, minute));
    }

    /// <summary>Seconds; figures are kept by the minute, so what is shorter comes by the minute.</summary>
    public static int Period(CloudWatchInput input, string name = "Period")
    {
        if (input.Integer(name, int.MinValue, int.MaxValue) is not { } period)
        {
            return input.Failure is null ? input.Missing(name, 60) : 60;
        }

        if (period is not (1 or 5 or 10 or 20 or 30) && (period < 60 || period % 60 != 0 || period > 86_400 * 366))
        {
            input.Fail(new Error(
                ErrorCode.InvalidParameter,
                $"The parameter {input.NameOf(name)} must be 1, 5, 10, 20, 30 or a multiple of 60.",
                input.NameOf(name)));
            return 60;
        }

        return Math.Max(60, period);
    }

    /// <summary>One of the five, or a percentile; null for what this server has not, or nobody has.</summary>
    public static MetricStatistic? Statistic(string name) => name switch
    {
        "Sum" => MetricStatistic.Sum,
        "Average" => MetricStatistic.Average,
        "Minimum" => MetricStatistic.Min,
        "Maximum" => MetricStatistic.Max,
        "SampleCount" => MetricStatistic.Count,
        _ => Percentile(name),
    };

    public static MetricStatistic? Percentile(string name) =>
        name.Length is > 1 and < 16 && name[0] is 'p' or 'P'
        && double.TryParse(
            name.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
        && percent is >= 0 and <= 100
            ? MetricStatistic.Percentile(percent)
            : null;
}
