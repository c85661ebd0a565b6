using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Events;
using Lambent.Kernel.Metrics;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Metrics;

namespace Lambent.Server.Alerts;

/// <summary>Something that is no metric, raised by another part of the server.</summary>
/// <param name="Id">Unique, in order of time; what is raised again under it is told once.</param>
/// <param name="Metric">Rules of this metric tell it.</param>
/// <param name="Target">The function it is about; rules about another one do not tell it.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Data">What else there is to say, by name, for programs.</param>
internal sealed record AlertNotice(
    string Id,
    AccountId Account,
    string Metric,
    string? Target,
    DateTimeOffset At,
    string Text,
    IReadOnlyList<KeyValuePair<string, string?>> Data);

/// <summary>By which other parts have people told.</summary>
internal interface IAlertRaiser
{
    /// <summary>Completes when it is written down that it is told.</summary>
    /// <exception cref="StoreException">It could not be written; raise it again under the same id.</exception>
    Task RaiseAsync(AlertNotice notice, CancellationToken cancellation = default);
}

/// <summary>
/// Looks at each alert's figures once a minute. The change of state, its place in the history and what tells it are one
/// write, which decides on how the alert stands in it: so a change is told once, whoever looks.
/// </summary>
internal sealed class AlertRunner(
    IStore store, MetricReader reader, AlertNotifier notifier, Func<string> newId) : IAlertRaiser
{
    /// <summary>Once each minute's figures are written.</summary>
    public async Task LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var alert in store.Read(transaction => transaction.Alerts.All()))
        {
            if (!alert.Rule.IsRaised)
            {
                await LookAsync(alert, now, cancellation);
            }
        }
    }

    /// <summary>What the rule would look at now.</summary>
    public AlertSample Sample(AlertRule rule, DateTimeOffset now)
    {
        var minute = TimeSpan.FromMinutes(1);
        var (from, to) = (
            MetricSpans.Floor(AlertDecision.WindowStart(rule, now), minute), MetricSpans.Floor(now, minute) + minute);
        return rule.Metric == AlertRule.CostMetric ? Cost(rule, from, to) : Figure(rule, from, to);
    }

    public async Task RaiseAsync(AlertNotice notice, CancellationToken cancellation = default)
    {
        IReadOnlyList<DeliveryTarget> told = [];
        var written = await store.WriteAsync<Done>(
            transaction =>
            {
                told = [.. transaction.Alerts.List(notice.Account, null, Limits.AlertsMax)
                    .Where(alert => alert.Rule.Metric == notice.Metric
                        && (alert.Rule.Target is null || alert.Rule.Target == notice.Target))
                    .SelectMany(alert => Raise(transaction, alert, notice))];
                return Done.Value;
            },
            cancellation);
        if (written.IsSuccess)
        {
            notifier.Announce(told);
        }
    }

    private async Task LookAsync(Alert seen, DateTimeOffset now, CancellationToken cancellation)
    {
        var sample = Sample(seen.Rule, now);
        if (AlertDecision.Decide(seen.Rule, seen.Standing, sample, now) == seen.Standing)
        {
            // Nearly always, and then nothing is written.
            return;
        }

        IReadOnlyList<DeliveryTarget> told = [];
        var written = await store.WriteAsync<Done>(
            transaction =>
            {
                told = [];
                if (transaction.Alerts.Get(seen.Rule.Id) is { } alert && alert.Rule.CreatedAt == seen.Rule.CreatedAt)
                {
                    told = Change(transaction, alert, sample, now);
                }

                return Done.Value;
            },
            cancellation);
        if (written.IsSuccess)
        {
            notifier.Announce(told);
        }
    }

    private IReadOnlyList<DeliveryTarget> Change(
        ITransaction transaction, Alert alert, AlertSample sample, DateTimeOffset now)
    {
        var (rule, before) = alert;
        var after = AlertDecision.Decide(rule, before, sample, now);
        if (after == before)
        {
            return [];
        }

        transaction.Alerts.Put(alert with { Standing = after });
        if (after.State == before.State)
        {
            return [];
        }

        var change = new AlertChange(
            newId(), now, before.State, after.State, sample.Value,
            AlertDecision.Describe(rule, after.State, sample.Value));
        transaction.Alerts.Add(rule.Id, change, Limits.AlertChangesMax);
        return AlertDecision.IsTold(before.State, after.State)
            ? notifier.Put(
                transaction, rule,
                after.State == AlertState.Alert ? StateChange.AlertFired : StateChange.AlertResolved,
                change, [])
            : [];
    }

    private IReadOnlyList<DeliveryTarget> Raise(ITransaction transaction, Alert alert, AlertNotice notice)
    {
        // Ids sort by time: the newest up to this one is this one, if it was told before.
        if (transaction.Alerts.History(alert.Rule.Id, notice.Id + " ", 1) is [var told] && told.Id == notice.Id)
        {
            return [];
        }

        var change = new AlertChange(notice.Id, notice.At, AlertState.Ok, AlertState.Alert, null, notice.Text);
        transaction.Alerts.Add(alert.Rule.Id, change, Limits.AlertChangesMax);
        return notifier.Put(transaction, alert.Rule, StateChange.AlertRaised, change, notice.Data);
    }

    private AlertSample Cost(AlertRule rule, DateTimeOffset from, DateTimeOffset to)
    {
        var cost = Money.Zero;
        foreach (var (begin, end, rates) in reader.Rates.History.Split(from, to))
        {
            var table = reader.Read(Selection(rule, MetricKind.Function, begin, end), end - begin, _ => "");
            foreach (var group in table.Groups)
            {
                var line = new BillLine();
                line.Add(table.Total(group), rates);
                cost += line.Cost;
            }
        }

        return new AlertSample(cost.Approximately, rule.SamplesMin);
    }

    private AlertSample Figure(AlertRule rule, DateTimeOffset from, DateTimeOffset to)
    {
        var metric = MetricCatalog.Find(rule.Metric)!;
        var statistic = rule.Statistic is { } named ? MetricStatistic.Parse(named, "statistic").Value : metric.Usual;
        var table = reader.Read(Selection(rule, metric.Kind, from, to), to - from, _ => "");
        var value = table.Groups.Count == 0 ? default : metric.Read(table.Total(""));

        // That something did not happen is known: it happened 0 times. How long it took is not.
        var isCount = statistic == MetricStatistic.Sum || statistic == MetricStatistic.Count;
        return isCount && value.Count <= 0 && rule.SamplesMin <= 1
            ? new AlertSample(0, rule.SamplesMin)
            : new AlertSample(value.Count <= 0 && !isCount ? null : statistic.Of(value), value.Count);
    }

    private static MetricSelection Selection(
        AlertRule rule, MetricKind kind, DateTimeOffset from, DateTimeOffset to) => new()
        {
            Account = rule.Id.Account, Kind = kind, Name = rule.Target, Part = rule.Version, From = from, To = to,
        };
}
