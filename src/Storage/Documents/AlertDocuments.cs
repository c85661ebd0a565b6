using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;

namespace Lambent.Storage.Documents;

internal sealed class AlertDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required string Metric { get; set; }

    public string? Statistic { get; set; }

    public string? Target { get; set; }

    public string? Version { get; set; }

    public AlertComparison Comparison { get; set; }

    public double Threshold { get; set; }

    public TimeSpan Window { get; set; }

    public AlertCalendar Calendar { get; set; }

    public TimeSpan For { get; set; }

    public int SamplesMin { get; set; }

    public MissingData Missing { get; set; }

    public string[] Webhooks { get; set; } = [];

    public string[] Emails { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; set; }

    public required AlertState State { get; set; }

    public required DateTimeOffset Since { get; set; }

    public DateTimeOffset? BreachingSince { get; set; }

    public double? Value { get; set; }

    public static AlertDocument From(Alert alert)
    {
        var (rule, standing) = alert;
        return new AlertDocument
        {
            Account = rule.Id.Account.Value,
            Name = rule.Id.Name,
            Metric = rule.Metric,
            Statistic = rule.Statistic,
            Target = rule.Target,
            Version = rule.Version,
            Comparison = rule.Comparison,
            Threshold = rule.Threshold,
            Window = rule.Window,
            Calendar = rule.Calendar,
            For = rule.For,
            SamplesMin = rule.SamplesMin,
            Missing = rule.Missing,
            Webhooks = [.. rule.Webhooks],
            Emails = [.. rule.Emails],
            CreatedAt = rule.CreatedAt,
            State = standing.State,
            Since = standing.Since,
            BreachingSince = standing.BreachingSince,
            Value = standing.Value,
        };
    }

    public Alert ToAlert() => new(
        new AlertRule
        {
            Id = new AlertId(AccountId.Parse(Account), Name),
            Metric = Metric,
            Statistic = Statistic,
            Target = Target,
            Version = Version,
            Comparison = Comparison,
            Threshold = Threshold,
            Window = Window,
            Calendar = Calendar,
            For = For,
            SamplesMin = SamplesMin,
            Missing = Missing,
            Webhooks = [.. Webhooks],
            Emails = [.. Emails],
            CreatedAt = CreatedAt,
        },
        new AlertStanding(State, Since, BreachingSince, Value));
}

internal sealed class AlertChangeDocument
{
    public required string Id { get; set; }

    public required DateTimeOffset At { get; set; }

    public required AlertState From { get; set; }

    public required AlertState To { get; set; }

    public double? Value { get; set; }

    public required string Text { get; set; }

    public static AlertChangeDocument Of(AlertChange change) => new()
    {
        Id = change.Id,
        At = change.At,
        From = change.From,
        To = change.To,
        Value = change.Value,
        Text = change.Text,
    };

    public AlertChange ToChange() => new(Id, At, From, To, Value, Text);
}
