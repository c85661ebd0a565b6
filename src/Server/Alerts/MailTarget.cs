using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel.Events;
using Lambent.Server.Delivery;

namespace Lambent.Server.Alerts;

/// <summary>A mail as it waits for its delivery; whom to is the target's name.</summary>
internal sealed record MailPayload(string Subject, string Text, DateTimeOffset At)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, MailJson.Default.MailPayload);
}

[JsonSerializable(typeof(MailPayload))]
internal sealed partial class MailJson : JsonSerializerContext;

/// <summary>Events that are e-mails: an attempt is one conversation with the mail server.</summary>
/// <param name="client">Null: the operator named no mail server.</param>
internal sealed class MailTarget(SmtpClient? client) : IEventTarget
{
    /// <summary>Ten retries, the pauses of which double from 10 s: some hours together.</summary>
    private static readonly DeliverySettings Settings = DeliverySettings.Default with
    {
        RetriesMax = 10,
        RetryDelay = TimeSpan.FromSeconds(10),
        AgeMax = TimeSpan.FromDays(1),
    };

    public DeliverySettings SettingsOf(AsyncEvent candidate) => Settings;

    public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
    {
        if (client is null)
        {
            return AttemptReport.Disabled with { Error = "The server was started without a mail server." };
        }

        try
        {
            var mail = JsonSerializer.Deserialize(attempted.Payload.Span, MailJson.Default.MailPayload)!;
            await client.SendAsync(
                new MailMessage(attempted.Id, attempted.Target.Name, mail.Subject, mail.Text, mail.At), stopping);
            return new AttemptReport(AttemptResult.Succeeded);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return AttemptReport.Refused with { Error = "The server stops." };
        }
        catch (SmtpException refused)
        {
            return new AttemptReport(AttemptResult.Failed) { Error = refused.Message };
        }
    }
}
