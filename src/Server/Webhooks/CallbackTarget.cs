using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Delivery;
using Lambent.Server.Traces;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Webhooks;

/// <summary>Events for programs outside: an attempt is a signed POST.</summary>
internal sealed partial class CallbackTarget(
    WebhookDirectory directory, CallbackSender sender, Func<WebhookId, string, Task> disable,
    ILogger<CallbackTarget> logger) : IEventTarget
{
    /// <summary>Ten retries, the pauses of which double from 5 s up to an hour: about two hours together.</summary>
    private static readonly DeliverySettings Settings = DeliverySettings.Default with
    {
        RetriesMax = 10,
        RetryDelay = TimeSpan.FromSeconds(5),
        AgeMax = TimeSpan.FromDays(1),
    };

    /// <summary>Leads traces to the other side, or null.</summary>
    public RequestTraces? Traces { get; init; }

    public DeliverySettings SettingsOf(AsyncEvent candidate) => Settings;

    public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
    {
        var id = new WebhookId(attempted.Target.Account, attempted.Target.Name);
        if (directory.FindOutbound(id) is not { } webhook)
        {
            return AttemptReport.Gone with { Error = "The webhook was deleted." };
        }

        if (webhook.Outbound!.DisabledReason is { } reason)
        {
            return AttemptReport.Disabled with { Error = reason };
        }

        CallbackAnswer answer;
        var span = Traces?.Begin(attempted.TraceHeader, attempted.Id);
        try
        {
            answer = await sender.SendAsync(
                webhook, attempted.Id, attempted.Payload, stopping, span is { } begun ? [begun.Header] : []);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It may have arrived or not; the next start sends it again under the same id.
            return AttemptReport.Refused with { Error = "The server stops." };
        }

        if (span is { } ended)
        {
            Traces!.End(
                ended, id.Account, $"webhook:{id.Name}", webhook.Outbound.Url, answer.Status, answer.Problem);
        }

        if (answer.IsGone)
        {
            await disable(id, "The other side answered 410: it wants no callbacks any more.");
            LogDisabled(id.Name, id.Account.Value);
            return AttemptReport.Disabled with { Error = "The answer was 410." };
        }

        return answer.IsDelivered
            ? new AttemptReport(AttemptResult.Succeeded)
            : new AttemptReport(AttemptResult.Failed) { Error = answer.Problem, RetryAfter = answer.RetryAfter };
    }

    [LoggerMessage(601, LogLevel.Warning, "The webhook {Webhook} of account {Account} was disabled: it answered 410")]
    private partial void LogDisabled(string webhook, string account);
}
