using System.Globalization;

namespace Lambent.Kernel.Alerts;

/// <summary>Decides what a look at figures means for an alert.</summary>
public static class AlertDecision
{
    /// <summary>How it stands after a look; the same object when nothing changed.</summary>
    public static AlertStanding Decide(AlertRule rule, AlertStanding before, AlertSample sample, DateTimeOffset now)
    {
        var hasData = sample.Value is not null && sample.Samples >= rule.SamplesMin;
        if (!hasData && rule.Missing == MissingData.NoData)
        {
            return before.State == AlertState.NoData && before.BreachingSince is null
                ? before
                : new AlertStanding(
                    AlertState.NoData, before.State == AlertState.NoData ? before.Since : now, null, sample.Value);
        }

        var isBad = hasData ? IsBad(rule, sample.Value!.Value) : rule.Missing == MissingData.Alert;
        if (!isBad)
        {
            return before.State == AlertState.Ok && before.BreachingSince is null
                ? before
                : new AlertStanding(
                    AlertState.Ok, before.State == AlertState.Ok ? before.Since : now, null, sample.Value);
        }

        var since = before.BreachingSince ?? now;
        var isDue = now - since >= rule.For;
        if (before.State == AlertState.Alert)
        {
            return before.BreachingSince is null ? before with { BreachingSince = since } : before;
        }

        return isDue
            ? new AlertStanding(AlertState.Alert, now, since, sample.Value)
            : before.BreachingSince is null ? before with { BreachingSince = since } : before;
    }

    /// <summary>
    /// Whether a change is told: that it is bad, that it is good again, and nothing else. That there are no figures is
    /// in the history alone.
    /// </summary>
    public static bool IsTold(AlertState from, AlertState to) =>
        to == AlertState.Alert || (from == AlertState.Alert && to == AlertState.Ok);

    /// <summary>The beginning of the window that ends now.</summary>
    public static DateTimeOffset WindowStart(AlertRule rule, DateTimeOffset now) => rule.Calendar switch
    {
        AlertCalendar.Day => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero),
        AlertCalendar.Month => new DateTimeOffset(
            now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero),
        _ => now - rule.Window,
    };

    /// <summary>One sentence for people.</summary>
    public static string Describe(AlertRule rule, AlertState state, double? value)
    {
        var subject = rule.Target is null ? rule.Metric : $"{rule.Metric} of {rule.Target}";
        var statistic = rule.Statistic is null ? "" : $" ({rule.Statistic})";
        var shown = value is { } number ? number.ToString("0.######", CultureInfo.InvariantCulture) : "unknown";
        var threshold = rule.Threshold.ToString("0.######", CultureInfo.InvariantCulture);
        var side = rule.Comparison == AlertComparison.Above ? "above" : "below";
        return state switch
        {
            AlertState.Alert => $"{subject}{statistic} is {shown}, {side} {threshold}",
            AlertState.Ok => $"{subject}{statistic} is {shown}, no longer {side} {threshold}",
            _ => $"{subject}{statistic}: there are no figures",
        };
    }

    private static bool IsBad(AlertRule rule, double value) =>
        rule.Comparison == AlertComparison.Above ? value > rule.Threshold : value < rule.Threshold;
}
