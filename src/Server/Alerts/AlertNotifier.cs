using System.Globalization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Delivery;
using Lambent.Server.Webhooks;

namespace Lambent.Server.Alerts;

/// <summary>
/// Tells of alerts by what delivers events: written in the transaction of the change, so that each change is told once,
/// and sent with retries after it.
/// </summary>
internal sealed class AlertNotifier(StateChanges changes, TargetWriter writer, Func<string> newId)
{
    private const int SubjectMax = 120;

    /// <summary>Writes what is to be told.</summary>
    /// <param name="transaction">The one in which the change is written.</param>
    /// <param name="rule">Says whom.</param>
    /// <param name="type">Of the callback.</param>
    /// <param name="change">What there is to tell.</param>
    /// <param name="more">What else there is to say about it, by name.</param>
    /// <returns>To be announced after the commit.</returns>
    public IReadOnlyList<DeliveryTarget> Put(
        ITransaction transaction,
        AlertRule rule,
        string type,
        AlertChange change,
        IEnumerable<KeyValuePair<string, string?>> more)
    {
        var told = changes.Tell(
            transaction,
            rule.Id.Account,
            new StateChange
            {
                Type = type,
                Subject = rule.Id.Name,
                At = change.At,
                Data =
                [
                    new("alert", rule.Id.Name),
                    new("changeId", change.Id),
                    new("state", change.To.ToString()),
                    new("metric", rule.Metric),
                    new("statistic", rule.Statistic),
                    new("target", rule.Target),
                    new("value", change.Value?.ToString("R", CultureInfo.InvariantCulture)),
                    new("threshold", rule.IsRaised ? null : rule.Threshold.ToString("R", CultureInfo.InvariantCulture)),
                    new("text", change.Text),
                    .. more,
                ],
            },
            rule.Webhooks);
        return [.. told, .. rule.Emails.Select(address => PutMail(transaction, rule, address, change))];
    }

    public void Announce(IEnumerable<DeliveryTarget> told)
    {
        foreach (var target in told)
        {
            writer.Announce(target);
        }
    }

    private DeliveryTarget PutMail(ITransaction transaction, AlertRule rule, string address, AlertChange change)
    {
        var target = new DeliveryTarget(rule.Id.Account, DeliveryTargetKind.Email, address);
        var subject = $"[{change.To}] {rule.Id.Name}: {change.Text}";
        var text = $"""
            {change.Text}

            alert      {rule.Id.Name}
            account    {rule.Id.Account}
            state      {change.From} -> {change.To}
            at         {change.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC

            lambent alert history {rule.Id.Name}
            """;
        var mail = new MailPayload(
            subject.Length > SubjectMax ? subject[..SubjectMax] + "…" : subject, text, change.At);
        TargetWriter.Put(transaction, target, new TargetDelivery
        {
            Id = newId(), Payload = mail.ToBytes(), Source = "alert", At = change.At,
        });
        return target;
    }
}
