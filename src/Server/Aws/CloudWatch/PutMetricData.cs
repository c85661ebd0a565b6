using Lambent.Kernel;
using Lambent.Kernel.Metrics;
using Lambent.Server.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>Figures of users' programs. What is taken can be lost with the power within the minute.</summary>
internal sealed class PutMetricData(CloudWatchServices services)
{
    private const int DataMax = 1_000;
    private const int ValuesMax = 150;

    /// <summary>AWS's bound of values.</summary>
    private static readonly double ValueMax = Math.Pow(2, 360);

    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(14);
    private static readonly TimeSpan AheadMax = TimeSpan.FromHours(2);

    private static readonly HashSet<string> Units = new(StringComparer.Ordinal)
    {
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits",
        "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second", "Kilobytes/Second",
        "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second",
        "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
    };

    public ValueTask<Result<AnswerStructure>> HandleAsync(CloudWatchCall call) => ValueTask.FromResult(Handle(call));

    private Result<AnswerStructure> Handle(CloudWatchCall call)
    {
        var input = call.Input;
        var name = input.RequiredText("Namespace", 255);
        if (name.StartsWith("AWS/", StringComparison.Ordinal))
        {
            input.Fail(new Error(
                ErrorCode.InvalidParameter, "The value AWS/ for parameter Namespace is invalid.", "Namespace"));
        }

        Check(input, name, "Namespace");
        if (!input.Has("MetricData"))
        {
            input.Missing("MetricData", 0);
        }

        var now = services.Time.GetUtcNow();
        var data = new List<(MetricSeries, DateTimeOffset, MetricCell)>();
        foreach (var datum in input.Structures("MetricData", DataMax))
        {
            var metric = datum.RequiredText("MetricName", 255);
            Check(datum, metric, "MetricName");
            var dimensions = MetricParameters.Dimensions(datum);
            foreach (var (key, value) in dimensions)
            {
                Check(datum, key + value, "Dimensions");
            }

            var unit = datum.Text("Unit") ?? "None";
            if (!Units.Contains(unit))
            {
                datum.Fail(new Error(
                    ErrorCode.InvalidParameter,
                    $"The parameter {datum.NameOf("Unit")} must be a value in the set [ {string.Join(", ", Units)} ].",
                    datum.NameOf("Unit")));
            }

            var at = datum.Time("Timestamp") ?? now;
            if (at < now - AgeMax || at > now + AheadMax)
            {
                datum.Fail(new Error(
                    ErrorCode.InvalidParameter,
                    $"The parameter {datum.NameOf("Timestamp")} must be within the last two weeks and at most two "
                    + "hours ahead.",
                    datum.NameOf("Timestamp")));
            }

            data.Add((
                new MetricSeries(
                    call.Account, MetricKind.Custom, name, metric + CustomMetrics.UnitSeparator + unit,
                    MetricNames.Spell(dimensions)),
                at,
                Read(datum)));
        }

        return (input.Failure ?? services.Custom.Put(call.Account, data)) is { } failure
            ? failure
            : new AnswerStructure();
    }

    private static MetricCell Read(CloudWatchInput datum)
    {
        var cell = new MetricCell();
        var measured = cell.Of(MetricMeasure.Value);
        var kinds = new[] { "Value", "Values", "StatisticValues" }.Count(datum.Has);
        if (kinds != 1)
        {
            datum.Fail(kinds == 0
                ? new Error(
                    ErrorCode.MissingParameter, $"The parameter {datum.NameOf("Value")} is required.",
                    datum.NameOf("Value"))
                : CloudWatchErrors.WrongCombination(
                    $"The parameters {datum.NameOf("Value")}, {datum.NameOf("Values")} and "
                    + $"{datum.NameOf("StatisticValues")} are mutually exclusive and you have specified more than one.",
                    datum.NameOf("Value")));
            return cell;
        }

        if (datum.Structure("StatisticValues") is { } set)
        {
            var (count, sum) = (Number(set, "SampleCount"), Number(set, "Sum"));
            measured.AddSummary((long)Math.Clamp(count, 0, 1e15), sum, Number(set, "Minimum"), Number(set, "Maximum"));
        }
        else if (datum.Has("Value"))
        {
            measured.Add(Checked(datum, "Value", datum.Number("Value") ?? 0));
        }
        else
        {
            var values = datum.Numbers("Values", ValuesMax);
            var counts = datum.Numbers("Counts", ValuesMax);
            if (counts.Count > 0 && counts.Count != values.Count)
            {
                datum.Fail(CloudWatchErrors.WrongCombination(
                    $"The parameters {datum.NameOf("Values")} and {datum.NameOf("Counts")} must be of the same size.",
                    datum.NameOf("Counts")));
            }

            foreach (var (value, index) in values.Select((value, index) => (value, index)))
            {
                var times = counts.Count > index ? counts[index] : 1;
                measured.Add(Checked(datum, "Values", value), (long)Math.Clamp(times, 0, 1e15));
            }
        }

        return cell;
    }

    private static double Number(CloudWatchInput set, string name) =>
        Checked(set, name, set.Number(name) ?? set.Missing(name, 0.0));

    private static double Checked(CloudWatchInput input, string name, double value)
    {
        if (Math.Abs(value) > ValueMax)
        {
            input.Fail(new Error(
                ErrorCode.InvalidParameter, $"The value of {input.NameOf(name)} must be between -2^360 and 2^360.",
                input.NameOf(name)));
        }

        return value;
    }

    private static void Check(CloudWatchInput input, string text, string name)
    {
        if (text.Any(char.IsControl))
        {
            input.Fail(new Error(
                ErrorCode.InvalidParameter, $"The value of {input.NameOf(name)} contains control characters.",
                input.NameOf(name)));
        }
    }
}
