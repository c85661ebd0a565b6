using System.Globalization;
using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Mappings;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Mappings;

/// <summary>The call after which a message was given up.</summary>
/// <param name="RequestId">Of the call.</param>
/// <param name="FunctionArn">As it was called.</param>
/// <param name="Version">What ran.</param>
/// <param name="HasAnswered">Whether the function answered, and named the message as failed.</param>
internal sealed record FailedCall(string RequestId, string FunctionArn, string Version, bool HasAnswered);

/// <summary>
/// Tells a mapping's destination of messages that were given up: one record for each, in the shape of AWS's records for
/// streams, with the message itself as it was in the event.
/// </summary>
internal sealed partial class FailureRecords(MappingServices services, ILogger logger)
{
    /// <param name="plan">The mapping.</param>
    /// <param name="failed">Messages that failed, with their records in the event.</param>
    /// <param name="call">The call they failed in, or null when there was none.</param>
    public async Task WriteAsync(
        PollPlan plan, IReadOnlyList<(ReceivedMessage Message, byte[] Record)> failed, FailedCall? call)
    {
        if (plan.Settings.OnFailureArn is not { } arn
            || DeliveryTarget.Parse(arn, services.Region, "DestinationConfig").Failed(out var target, out _))
        {
            return;
        }

        foreach (var (message, record) in failed)
        {
            var given = GivenUpDecision.Decide(
                plan.Settings, plan.Queue.Settings.Redrive, message.State.ReceiveCount);
            if (given != GivenUp.No)
            {
                await WriteAsync(plan, target, message, record, call, given);
            }
        }
    }

    private async Task WriteAsync(
        PollPlan plan,
        DeliveryTarget target,
        ReceivedMessage message,
        byte[] record,
        FailedCall? call,
        GivenUp given)
    {
        var now = services.Time.GetUtcNow();
        var delivery = new TargetDelivery
        {
            Id = services.NewId(),
            Payload = Compose(plan, message, record, call, now),
            Source = $"mapping:{plan.Mapping.Id}",
            At = now,
            GroupId = target.Kind == DeliveryTargetKind.Queue && target.Queue.IsFifo
                ? message.State.GroupId ?? plan.Mapping.Id
                : null,
            DeduplicationId = message.Content.Id,
        };
        var written = await services.Store.WriteAsync<Done>(transaction =>
        {
            if (given == GivenUp.ByRetries && transaction.Queues.Get(plan.Mapping.Queue) is { } queue
                && MessageSettler.Delete(transaction, queue, message.ReceiptHandle, now) is { } gone)
            {
                return gone;
            }

            return TargetWriter.Put(transaction, target, delivery);
        });
        if (written.Failed(out _, out var refused))
        {
            // A message that its destination cannot take is not given up: it comes again, and is tried again.
            var destination = plan.Settings.OnFailureArn!;
            LogRefused(logger, message.Content.Id, plan.Mapping.Queue.Name, destination, refused.Message);
            return;
        }

        services.Targets.Announce(target);
    }

    private byte[] Compose(
        PollPlan plan, ReceivedMessage message, byte[] record, FailedCall? call, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("version"u8, "1.0"u8);
            writer.WriteString("timestamp"u8, Time(now));
            writer.WriteStartObject("requestContext"u8);
            writer.WriteString("requestId"u8, call?.RequestId);
            writer.WriteString("functionArn"u8, call?.FunctionArn ?? plan.Function.Arn);
            writer.WriteString("condition"u8, "RetryAttemptsExhausted"u8);
            writer.WriteNumber("approximateInvokeCount"u8, message.State.ReceiveCount);
            writer.WriteEndObject();
            if (call is not null)
            {
                writer.WriteStartObject("responseContext"u8);
                writer.WriteNumber("statusCode"u8, 200);
                writer.WriteString("executedVersion"u8, call.Version);
                writer.WriteString("functionError"u8, call.HasAnswered ? null : "Unhandled");
                writer.WriteEndObject();
            }

            writer.WriteStartObject("SQSBatchInfo"u8);
            writer.WriteString("queueArn"u8, plan.Mapping.Queue.Arn(services.Region));
            writer.WriteString("messageId"u8, message.Content.Id);
            writer.WriteString("approximateArrivalOfFirstRecord"u8, Time(message.State.SentAt));
            writer.WriteString("approximateArrivalOfLastRecord"u8, Time(message.State.SentAt));
            writer.WriteNumber("batchSize"u8, 1);
            writer.WriteEndObject();
            writer.WriteString("payload"u8, Encoding.UTF8.GetString(MessageRecords.Join([record])));
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [LoggerMessage(
        221,
        LogLevel.Warning,
        "Message {MessageId} of {Queue} could not be handed to the mapping's destination {Destination}: {Reason}")]
    private static partial void LogRefused(
        ILogger logger, string messageId, string queue, string destination, string reason);
}
