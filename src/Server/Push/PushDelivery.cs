using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Lambent.Server.Queues;
using Lambent.Server.Webhooks;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Push;

/// <summary>Posts one message that was received, and writes what came of it.</summary>
internal sealed partial class PushDelivery(PushServices services, PushFigures figures, ILogger logger)
{
    private const string TextType = "text/plain; charset=utf-8";
    private static readonly TimeSpan PauseWhenRefused = TimeSpan.FromSeconds(1);

    /// <param name="push">The settings as of the receive.</param>
    /// <param name="message">The message, which is hidden for as long as its attempts can take.</param>
    /// <param name="stop">Cancelled when attempts are to be broken off; then the message is given back.</param>
    public async Task DeliverAsync(PushQueue push, ReceivedMessage message, CancellationToken stop)
    {
        var lane = new QueueLane(push.Id.Account, Handle(message).LaneNumber);
        var sequence = message.State.Sequence;

        // What was never received before was never tried.
        var progress = message.State.ReceiveCount > 1
            ? services.Store.Read(transaction => transaction.Push.Progress(lane, sequence))
            : null;
        progress ??= new PushProgress { MessageId = message.Content.Id };
        var candidates = PushStep.Candidates(push, progress, sequence, services.Time.GetUtcNow());
        var attempts = push.Mode == PushMode.Multicast
            ? await AttemptAllAsync(push, message, progress, candidates, stop)
            : await AttemptInTurnAsync(push, message, progress, candidates, stop);
        if (attempts is null)
        {
            // It may have arrived or not: the next start sends it again under the same id.
            await services.Settler.ChangeVisibilityAsync(
                push.Id, [(message.ReceiptHandle, 0)], CancellationToken.None);
            return;
        }

        await SettleAsync(push, message, attempts, stop);
    }

    /// <summary>Null when attempts were broken off and there is nothing to write of the others.</summary>
    private async Task<IReadOnlyList<PushAttempt>?> AttemptAllAsync(
        PushQueue push,
        ReceivedMessage message,
        PushProgress progress,
        IReadOnlyList<PushSubscriber> candidates,
        CancellationToken stop)
    {
        var ended = await Task.WhenAll(candidates.Select(one => AttemptAsync(push, message, progress, one, stop)));
        PushAttempt[] attempts = [.. ended.OfType<PushAttempt>()];
        return attempts.Length == 0 && candidates.Count > 0 ? null : attempts;
    }

    /// <summary>The same, where one that was broken off means that the round did not end.</summary>
    private async Task<IReadOnlyList<PushAttempt>?> AttemptInTurnAsync(
        PushQueue push,
        ReceivedMessage message,
        PushProgress progress,
        IReadOnlyList<PushSubscriber> candidates,
        CancellationToken stop)
    {
        var attempts = new List<PushAttempt>(candidates.Count);
        foreach (var candidate in candidates)
        {
            if (await AttemptAsync(push, message, progress, candidate, stop) is not { } attempt)
            {
                return null;
            }

            attempts.Add(attempt);
            if (attempt.Problem is null)
            {
                break;
            }
        }

        return attempts;
    }

    /// <summary>Null when it was broken off.</summary>
    private async Task<PushAttempt?> AttemptAsync(
        PushQueue push,
        ReceivedMessage message,
        PushProgress progress,
        PushSubscriber subscriber,
        CancellationToken stop)
    {
        var pushed = new PushedTo(
            push.Id, Handle(message).LaneNumber, message.State.Sequence, subscriber.Name);
        var acknowledge = new Uri(services.Address(), PushEndpoint.Root + services.Tokens.Write(pushed));
        var attempt = (progress.Of(subscriber.Name).Tries + 1).ToString(CultureInfo.InvariantCulture);
        var type = subscriber.Headers.GetValueOrDefault("Content-Type") ?? TextType;
        var span = services.Traces?.Begin(message.Content.TraceHeader, message.Content.Id);
        var request = new CallbackRequest(
            subscriber.Url,
            push.SecretsAt(services.Time.GetUtcNow()),
            message.Content.Id,
            Encoding.UTF8.GetBytes(message.Content.Body))
        {
            ContentType = type,
            Headers =
            [
                KeyValuePair.Create("Lambent-Queue", push.Id.Name),
                KeyValuePair.Create("Lambent-Subscriber", subscriber.Name),
                KeyValuePair.Create("Lambent-Attempt", attempt),
                KeyValuePair.Create("Lambent-Acknowledge-Url", acknowledge.ToString()),
                .. span is { } begun ? [begun.Header] : Array.Empty<KeyValuePair<string, string>>(),
                .. subscriber.Headers.Where(header =>
                    !header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)),
            ],
        };
        CallbackAnswer answer;
        try
        {
            answer = await services.Sender.SendAsync(request, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        var attempted = new PushAttempt(subscriber.Name, answer.Status, answer.Problem, answer.RetryAfter);
        if (span is { } ended)
        {
            services.Traces!.End(
                ended, push.Id.Account, $"push:{push.Id.Name}", subscriber.Url, answer.Status, answer.Problem);
        }

        figures.Attempted(attempted);
        return attempted;
    }

    /// <summary>
    /// Tries the write again while the store refuses it, as on a full disk: what arrived must not be sent again for
    /// that.
    /// </summary>
    private async Task SettleAsync(
        PushQueue push, ReceivedMessage message, IReadOnlyList<PushAttempt> attempts, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await WriteAsync(push, message, attempts);
                return;
            }
            catch (StoreException refused)
            {
                LogRefused(logger, message.Content.Id, push.Id.Name, refused);
                if (stop.IsCancellationRequested || message.State.VisibleAt <= services.Time.GetUtcNow())
                {
                    return;
                }

                await Task.Delay(PauseWhenRefused, services.Time, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WriteAsync(PushQueue push, ReceivedMessage message, IReadOnlyList<PushAttempt> attempts)
    {
        QueueId? told = null;
        PushStep? step = null;
        await services.Store.WriteAsync<Done>(transaction =>
        {
            (told, step) = (null, null);
            if (transaction.Queues.Get(push.Id) is not { } queue
                || queue.LaneNumber != Handle(message).LaneNumber
                || transaction.Messages.Find(queue.Lane, message.State.Sequence) is not { } state
                || state.ReceiveCount != message.State.ReceiveCount)
            {
                // Purged, acknowledged, or received by somebody else since.
                return Done.Value;
            }

            var now = services.Time.GetUtcNow();
            var stored = transaction.Push.Progress(queue.Lane, state.Sequence)
                ?? new PushProgress { MessageId = message.Content.Id };
            step = PushStep.Conclude(push, stored, attempts, now);
            told = PushSettlement.Write(transaction, push, queue, state, step, now, services.Region);
            return Done.Value;
        });
        if (step is not null)
        {
            figures.Settled(step);
            services.Signals.Meter?.Deleted(push.Id, step.IsOver ? 1 : 0);
        }

        // A group may be free now.
        services.Signals.Signal(push.Id, 1);
        if (told is { } errorQueue)
        {
            LogGivenUp(logger, message.Content.Id, push.Id.Name, errorQueue.Name);
            services.Signals.Meter?.DeadLettered(push.Id, 1);
            services.Signals.Meter?.Sent(errorQueue, 1);
            services.Signals.Signal(errorQueue, 1);
        }
    }

    private static ReceiptHandle Handle(ReceivedMessage message) =>
        ReceiptHandle.TryParse(message.ReceiptHandle, out var handle)
            ? handle
            : throw new InvalidOperationException("A receive gave a handle that cannot be read.");

    [LoggerMessage(
        621, LogLevel.Warning, "What came of pushing message {MessageId} of {Queue} could not be written yet")]
    private static partial void LogRefused(ILogger logger, string messageId, string queue, Exception exception);

    [LoggerMessage(
        622, LogLevel.Warning, "Message {MessageId} of {Queue} was not taken by a subscriber: it went to {ErrorQueue}")]
    private static partial void LogGivenUp(ILogger logger, string messageId, string queue, string errorQueue);
}
