using System.Text.RegularExpressions;
using Lambent.Kernel.Metrics;

namespace Lambent.Kernel.Alerts;

/// <summary>What a rule may be.</summary>
public static partial class AlertRules
{
    private static readonly TimeSpan WindowMax = TimeSpan.FromDays(7);

    /// <summary>What is wrong with a rule, by field, or null.</summary>
    public static Error? Check(AlertRule rule)
    {
        if (!NamePattern().IsMatch(rule.Id.Name))
        {
            return Wrong("name must be 1 to 64 letters, digits, hyphens, underscores or dots.", "name");
        }

        if (CheckMetric(rule) is { } metric)
        {
            return metric;
        }

        if (!double.IsFinite(rule.Threshold))
        {
            return Wrong("threshold must be a number.", "threshold");
        }

        if (rule.Window < TimeSpan.FromMinutes(1)
            || rule.Window > WindowMax
            || rule.Window.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            return Wrong("window must be whole minutes, from 1 minute to 7 days.", "window");
        }

        if (rule.Calendar != AlertCalendar.None && rule.Metric != AlertRule.CostMetric)
        {
            return Wrong("window is a day or a month only with the metric cost.", "window");
        }

        if (rule.For < TimeSpan.Zero || rule.For > WindowMax)
        {
            return Wrong("for must be from 0 to 7 days.", "for");
        }

        if (rule.SamplesMin is < 0 or > 1_000_000_000)
        {
            return Wrong("samples must be from 0 to 1,000,000,000.", "samples");
        }

        if (rule.Webhooks.Length > Limits.AlertChannelsMax || rule.Emails.Length > Limits.AlertChannelsMax)
        {
            return Wrong(
                $"There are at most {Limits.AlertChannelsMax} webhooks and as many addresses.",
                rule.Emails.Length > Limits.AlertChannelsMax ? "emails" : "webhooks");
        }

        return rule.Emails.FirstOrDefault(address => !IsAddress(address)) is { } address
            ? Wrong($"'{Shown(address)}' is not an e-mail address.", "emails")
            : null;
    }

    /// <summary>One plain address: no name around it, nothing that a header or command could end at.</summary>
    public static bool IsAddress(string text) => text.Length <= 254 && AddressPattern().IsMatch(text);

    private static Error? CheckMetric(AlertRule rule)
    {
        if (rule.Metric is AlertRule.CostMetric or AlertRule.ErrorGroupsMetric)
        {
            return rule.Statistic is null ? null : Wrong($"{rule.Metric} has no statistics.", "statistic");
        }

        if (MetricCatalog.Find(rule.Metric) is not { } metric)
        {
            return Wrong(
                $"There is no metric '{Shown(rule.Metric)}': cost, error-groups, "
                + $"{string.Join(", ", MetricCatalog.All.Select(one => one.Name))}.",
                "metric");
        }

        if (rule.Version is not null && metric.Kind != MetricKind.Function)
        {
            return Wrong("version is only of functions.", "version");
        }

        return rule.Statistic is { } statistic ? MetricStatistic.Parse(statistic, "statistic").Error : null;
    }

    private static string Shown(string text) => text.Length > 64 ? text[..64] : text;

    private static Error Wrong(string message, string field) => new(ErrorCode.ValidationFailed, message, field);

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z")]
    private static partial Regex AddressPattern();
}
