using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Queues;

/// <summary>Takes messages. When a task completes, what it answers is on stable storage.</summary>
/// <param name="store">Where messages lie.</param>
/// <param name="signals">Wakes receives that wait.</param>
/// <param name="time">The clock.</param>
/// <param name="newId">Makes message ids; null for random ones. Simulations give theirs.</param>
internal sealed class MessageSender(
    IStore store, QueueSignals signals, TimeProvider time, Func<Guid>? newId = null)
{
    private readonly Func<Guid> newId = newId ?? Guid.NewGuid;

    /// <summary>
    /// Sends up to ten messages in one transaction. Each succeeds or fails on its own; the whole fails when there is no
    /// such queue.
    /// </summary>
    /// <param name="id">The queue.</param>
    /// <param name="senderId">Who sends, as receivers see it.</param>
    /// <param name="requests">The messages, in the order in which they are to come.</param>
    /// <param name="cancellation">Gives up as long as the write did not begin.</param>
    public async Task<Result<IReadOnlyList<Result<SentMessage>>>> SendAsync(
        QueueId id, string senderId, IReadOnlyList<SendRequest> requests, CancellationToken cancellation)
    {
        string[] messageIds = [.. requests.Select(_ => newId().ToString())];
        var written = await store.WriteAsync<IReadOnlyList<Result<SentMessage>>>(
            transaction =>
            {
                if (transaction.Queues.Get(id) is not { } queue)
                {
                    return QueueErrors.NotFound;
                }

                var now = time.GetUtcNow();
                Error?[] refusals = [.. requests.Select(request => Check(queue, request))];
                var accepted = refusals.Count(refused => refused is null);

                // One update for all of them. In a FIFO queue a message may have been sent before and need none.
                long? sequence = queue.IsFifo || accepted == 0
                    ? null
                    : transaction.Messages.TakeSequences(queue.Lane, accepted);
                var results = new List<Result<SentMessage>>(requests.Count);
                for (var index = 0; index < requests.Count; index++)
                {
                    results.Add(refusals[index] is { } refused
                        ? refused
                        : Send(transaction, queue, requests[index], messageIds[index], senderId, now, sequence++));
                }

                return results;
            },
            cancellation);
        if (written.IsSuccess)
        {
            signals.Meter?.Sent(id, written.Value.Count(result => result.IsSuccess));
            signals.Signal(id, requests.Count);
        }

        return written;
    }

    /// <summary>Sends a message inside somebody else's transaction, who then wakes receives.</summary>
    public static Result<SentMessage> Put(
        ITransaction transaction,
        QueueId id,
        SendRequest request,
        string messageId,
        string senderId,
        DateTimeOffset now) =>
        transaction.Queues.Get(id) is not { } queue ? QueueErrors.NotFound
        : Check(queue, request) is { } refused ? refused
        : Send(transaction, queue, request, messageId, senderId, now, null);

    private static Error? Check(Queue queue, SendRequest request)
    {
        if ((MessageRules.CheckAttributes(request.Attributes) ?? MessageRules.CheckText(request.Body)) is { } wrong)
        {
            return wrong;
        }

        if (MessageRules.SizeOf(request.Body, request.Attributes) > queue.Settings.MaximumMessageBytes)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                "One or more parameters are invalid. Reason: Message must be shorter than "
                + $"{queue.Settings.MaximumMessageBytes} bytes.",
                "MessageBody");
        }

        if (request.GroupId is { } group && MessageRules.CheckIdentifier(group, "MessageGroupId") is { } badGroup)
        {
            return badGroup;
        }

        return MessagePriority.Check(queue, request.Attributes) is { } noPriority ? noPriority
            : queue.IsFifo ? CheckFifo(queue, request)
            : CheckStandard(request);
    }

    private static Error? CheckFifo(Queue queue, SendRequest request)
    {
        if (request.GroupId is null)
        {
            return QueueErrors.Missing("MessageGroupId");
        }

        if (request.DelaySeconds is { } delay and not 0)
        {
            return QueueErrors.Invalid(
                $"{delay}",
                "DelaySeconds",
                "The request include parameter that is not valid for this queue type.");
        }

        if (request.DeduplicationId is { } id)
        {
            return MessageRules.CheckIdentifier(id, "MessageDeduplicationId");
        }

        return queue.Settings.ContentBasedDeduplication
            ? null
            : new Error(
                ErrorCode.InvalidParameter,
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                + "explicitly",
                "MessageDeduplicationId");
    }

    private static Error? CheckStandard(SendRequest request)
    {
        if (request.DeduplicationId is { } id)
        {
            return QueueErrors.Invalid(
                id,
                "MessageDeduplicationId",
                "The request include parameter that is not valid for this queue type.");
        }

        return request.DelaySeconds is < 0 or > Limits.MessageDelaySecondsMax
            ? QueueErrors.Invalid(
                $"{request.DelaySeconds}",
                "DelaySeconds",
                $"DelaySeconds must be >= 0 and <= {Limits.MessageDelaySecondsMax}.")
            : null;
    }

    private static SentMessage Send(
        ITransaction transaction,
        Queue queue,
        SendRequest request,
        string messageId,
        string senderId,
        DateTimeOffset now,
        long? sequence)
    {
        var deduplicationId = queue.IsFifo ? request.DeduplicationId ?? HashOf(request.Body) : null;
        var key = queue.Settings.DeduplicatesPerGroup ? $"{request.GroupId}\n{deduplicationId}" : deduplicationId;
        var account = queue.Id.Account;
        if (key is not null && transaction.Messages.FindSent(account, queue.Number, key, now) is { } sent)
        {
            return sent;
        }

        var message = new SentMessage(
            messageId, sequence ?? transaction.Messages.TakeSequences(queue.Lane, 1));
        var delay = request.DelaySeconds is { } own && !queue.IsFifo ? own : queue.Settings.DelaySeconds;
        var state = new MessageState
        {
            Sequence = message.Sequence,
            VisibleAt = now.AddSeconds(delay),
            SentAt = now,
            RetainedFrom = now,
            GroupId = queue.IsFifo ? request.GroupId : null,
            Priority = MessagePriority.In(queue, request.Attributes),
        };
        transaction.Messages.Add(queue.Lane, state, new MessageContent
        {
            Id = messageId,
            Body = request.Body,
            Attributes = request.Attributes,
            SenderId = senderId,
            TraceHeader = request.TraceHeader ?? request.RequestTrace,
            GroupId = request.GroupId,
            DeduplicationId = deduplicationId,
        });
        if (key is not null)
        {
            MessageGroups.Refresh(transaction, queue.Lane, state.GroupId);
            transaction.Messages.PutSent(account, queue.Number, key, message, now + Limits.DeduplicationWindow);
        }

        return message;
    }

    private static string HashOf(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
