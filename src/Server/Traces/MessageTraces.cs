using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Traces;
using Lambent.Server.Queues;

namespace Lambent.Server.Traces;

/// <summary>
/// Leads traces through queues. A message that came with a trace has a span from its sending until it was handed over;
/// a call for messages of one trace belongs to it, and one for messages of several begins a trace of its own, to which
/// theirs have links (OpenTelemetry's conventions for messaging).
/// </summary>
internal sealed class MessageTraces(CallTraces traces, ISpanSink sink, TimeProvider time)
{
    /// <summary>Of a larger batch the spans of the first messages are kept.</summary>
    private const int SpansPerBatchMax = 100;

    /// <summary>The place of a call for messages, and the spans that are to be kept when it was made.</summary>
    public (CallTrace Call, IReadOnlyList<TraceSpan> Waits) Begin(
        QueueId queue, IEnumerable<ReceivedMessage> messages, string requestId)
    {
        List<TraceSpan>? waits = null;
        var now = time.GetUtcNow();
        foreach (var message in messages.Take(SpansPerBatchMax))
        {
            if (XRayHeader.Parse(message.Content.TraceHeader) is { IsNone: false } sent)
            {
                (waits ??= []).Add(Wait(queue, message, sent, now));
            }
        }

        if (waits is null)
        {
            return (default, []);
        }

        var first = waits[0];
        if (waits.TrueForAll(wait => wait.Parent.Trace == first.Parent.Trace))
        {
            var call = traces.Begin(first.Context, requestId);
            return (call, [first, .. waits.Skip(1).Select(wait => wait with { Link = call.Passed })]);
        }

        var own = traces.Begin(default, requestId);
        return (own, [.. waits.Select(wait => wait with { Link = own.Passed })]);
    }

    public void Keep(IReadOnlyList<TraceSpan> waits)
    {
        foreach (var wait in waits)
        {
            sink.Add(wait);
        }
    }

    private TraceSpan Wait(QueueId queue, ReceivedMessage message, TraceContext sent, DateTimeOffset now)
    {
        var waited = now - message.State.SentAt;
        return new TraceSpan
        {
            Owner = new FunctionId(queue.Account, $"{TraceSpan.OtherOwner}queue:{queue.Name}"),
            Parent = sent,
            Span = traces.NextSpan(),
            Name = $"{queue.Name} wait",
            StartedAt = message.State.SentAt,
            Duration = waited > TimeSpan.Zero ? waited : TimeSpan.Zero,
            Origin = SpanOrigin.Message,
            Kind = SpanKind.Consumer,
            Detail = SpanDetail.Of(
                null,
                ("messaging.system", "aws_sqs"),
                ("messaging.destination.name", queue.Name),
                ("messaging.operation.type", "receive"),
                ("messaging.message.id", message.Content.Id),
                ("lambent.message.receive_count", message.State.ReceiveCount)),
        };
    }
}
