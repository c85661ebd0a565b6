using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Server.Queues;

namespace Lambent.Server.Delivery;

/// <summary>
/// Hands something to a target inside somebody else's transaction, so that it is handed over exactly when that
/// transaction commits: a schedule's next time and its event, a call's end and its record for the destination.
/// </summary>
internal sealed class TargetWriter(QueueSignals signals)
{
    private Action<DeliveryTarget>? announced;

    /// <summary>Tells who delivers events that there are new ones.</summary>
    public void Subscribe(Action<DeliveryTarget> listener) => announced += listener;

    /// <summary>Writes the hand-over. It fails when there is no such target, or it cannot take the payload.</summary>
    public static Result<Done> Put(ITransaction transaction, DeliveryTarget target, TargetDelivery delivery) =>
        target.Kind == DeliveryTargetKind.Queue
            ? PutMessage(transaction, target, delivery)
            : PutEvent(transaction, target, delivery);

    /// <summary>After the commit: wakes whoever waits for it.</summary>
    public void Announce(DeliveryTarget target)
    {
        if (target.Kind == DeliveryTargetKind.Queue)
        {
            signals.Meter?.Sent(target.Queue, 1);
            signals.Signal(target.Queue, 1);
        }
        else
        {
            announced?.Invoke(target);
        }
    }

    private static Result<Done> PutMessage(ITransaction transaction, DeliveryTarget target, TargetDelivery delivery)
    {
        var isFifo = target.Queue.IsFifo;
        var sent = MessageSender.Put(
            transaction,
            target.Queue,
            new SendRequest
            {
                Body = Encoding.UTF8.GetString(delivery.Payload.Span),
                Attributes = delivery.Attributes,
                DelaySeconds = isFifo || delivery.Delay == TimeSpan.Zero ? null : (int)delivery.Delay.TotalSeconds,
                GroupId = delivery.GroupId,
                DeduplicationId = isFifo ? delivery.DeduplicationId ?? delivery.Id : null,
                TraceHeader = delivery.TraceHeader ?? Root(delivery.Id),
            },
            delivery.Id,
            target.Account.Value,
            delivery.At);
        return sent.Select(_ => Done.Value);
    }

    /// <summary>What came from no trace begins one.</summary>
    private static string? Root(string id) =>
        TraceId.TryOfRequest(id, out var trace) ? XRayHeader.Format(new TraceContext(trace, 0, IsSampled: true)) : null;

    private static Result<Done> PutEvent(ITransaction transaction, DeliveryTarget target, TargetDelivery delivery)
    {
        if (delivery.Payload.Length > Limits.EventPayloadBytesMax)
        {
            return new Error(
                ErrorCode.RequestTooLarge,
                $"{delivery.Payload.Length} byte payload is too large for an event "
                + $"(limit {Limits.EventPayloadBytesMax} bytes)");
        }

        if (target.Kind == DeliveryTargetKind.Function && transaction.Functions.Get(target.Function) is null)
        {
            return new Error(ErrorCode.FunctionNotFound, $"Function not found: {target.Name}", "Target");
        }

        var accepted = new AsyncEvent
        {
            Id = delivery.Id,
            Target = target,
            Payload = delivery.Payload,
            TraceHeader = delivery.TraceHeader,
            Source = delivery.Source,
            AcceptedAt = delivery.At,
            FirstDueAt = delivery.At + delivery.Delay,
            DueAt = delivery.At + delivery.Delay,
            Policy = delivery.Policy ?? EventPolicy.None,
        };
        transaction.Events.Add(accepted, delivery.Delay > TimeSpan.Zero ? EventState.Waiting : EventState.Ready);
        return Done.Value;
    }
}
