using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Alerts;

/// <summary>Alerts as people set them up.</summary>
internal sealed class AlertService(
    IStore store, AlertRunner runner, AlertNotifier notifier, bool sendsMail, Func<string> newId, TimeProvider time)
{
    /// <summary>Sets an alert up, or replaces one of the name; it begins anew.</summary>
    public async Task<Result<Alert>> PutAsync(AlertRule rule, CancellationToken cancellation)
    {
        if (AlertRules.Check(rule) is { } wrong)
        {
            return wrong;
        }

        if (rule.Emails.Length > 0 && !sendsMail)
        {
            return new Error(
                ErrorCode.ValidationFailed,
                "The server was started without a mail server: lambent up --smtp smtp://HOST:PORT.", "emails");
        }

        var alert = new Alert(
            rule, new AlertStanding(rule.IsRaised ? AlertState.Ok : AlertState.NoData, rule.CreatedAt));
        return await store.WriteAsync<Alert>(
            transaction =>
            {
                if (rule.Webhooks.FirstOrDefault(name =>
                    transaction.Webhooks.Get(new WebhookId(rule.Id.Account, name))?.Outbound is null) is { } unknown)
                {
                    return new Error(
                        ErrorCode.ValidationFailed, $"There is no outbound webhook '{unknown}' in this account.",
                        "webhooks");
                }

                var alerts = transaction.Alerts;
                if (alerts.Get(rule.Id) is null
                    && alerts.List(rule.Id.Account, null, Limits.AlertsMax).Count >= Limits.AlertsMax)
                {
                    return new Error(
                        ErrorCode.LimitExceeded, $"An account has at most {Limits.AlertsMax} alerts.", "name");
                }

                alerts.Put(alert);
                return alert;
            },
            cancellation);
    }

    public Result<Alert> Find(AlertId id) => store.Read(transaction => transaction.Alerts.Get(id)) is { } alert
        ? alert
        : NotFound(id);

    public IReadOnlyList<Alert> List(AccountId account) =>
        store.Read(transaction => transaction.Alerts.List(account, null, Limits.AlertsMax));

    public Result<IReadOnlyList<AlertChange>> History(AlertId id, string? before, int limit) =>
        store.Read<Result<IReadOnlyList<AlertChange>>>(transaction => transaction.Alerts.Get(id) is null
            ? NotFound(id)
            : new List<AlertChange>(transaction.Alerts.History(id, before, limit)));

    public Task<Result<Done>> DeleteAsync(AlertId id, CancellationToken cancellation) => store.WriteAsync<Done>(
        transaction =>
        {
            if (transaction.Alerts.Get(id) is null)
            {
                return NotFound(id);
            }

            transaction.Alerts.Delete(id);
            return Done.Value;
        },
        cancellation);

    /// <summary>Tells all who would be told that this is a test; how the alert stands is not touched.</summary>
    /// <returns>What it would look at now, and how many were told.</returns>
    public async Task<Result<(AlertSample Sample, int Told)>> TestAsync(AlertId id, CancellationToken cancellation)
    {
        if (Find(id).Failed(out var alert, out var missing))
        {
            return missing;
        }

        var now = time.GetUtcNow();
        var sample = alert.Rule.IsRaised ? default : runner.Sample(alert.Rule, now);
        IReadOnlyList<DeliveryTarget> told = [];
        var written = await store.WriteAsync<Done>(
            transaction =>
            {
                var change = new AlertChange(
                    newId(), now, alert.Standing.State, alert.Standing.State, sample.Value,
                    $"This is a test of the alert {id.Name}");
                told = notifier.Put(
                    transaction, alert.Rule, StateChange.AlertRaised, change, [new("test", "true")]);
                return Done.Value;
            },
            cancellation);
        if (written.Error is { } error)
        {
            return error;
        }

        notifier.Announce(told);
        return (sample, told.Count);
    }

    private static Error NotFound(AlertId id) =>
        new(ErrorCode.ResourceNotFound, $"There is no alert '{id.Name}' in this account.", "name");
}
