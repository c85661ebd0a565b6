using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;

namespace Lambent.Server.Mappings;

/// <summary>Receives the messages of one batch.</summary>
/// <param name="Messages">In the order of the receives.</param>
/// <param name="IsFull">Whether there may be more where they came from.</param>
internal sealed record CollectedBatch(List<ReceivedMessage> Messages, bool IsFull);

/// <summary>
/// Waits for a first message, and then for as many as the batch takes: until its window has passed, its size or the
/// largest event is reached, or, without a window, nothing more is there.
/// </summary>
/// <remarks>
/// The server's own token is asked too: a receive ends at once when it is cancelled, and may go on here before that
/// cancellation has reached the tokens that are linked to it.
/// </remarks>
internal sealed class BatchCollector(MessageReceiver receiver, TimeProvider time, CancellationToken serverStops)
{
    /// <summary>Messages of one receive, so that no transaction becomes long.</summary>
    private const int ReceiveMax = 100;

    /// <param name="plan">What is collected for.</param>
    /// <param name="waitSeconds">How long to wait for the first message.</param>
    /// <param name="handled">Receipt handles of the batch before, which are deleted with the first receive.</param>
    /// <param name="stop">Cancelled when no more is to be taken; what was taken is given out.</param>
    public async Task<Result<CollectedBatch>> CollectAsync(
        PollPlan plan, int waitSeconds, IReadOnlyList<string> handled, CancellationToken stop)
    {
        var messages = new List<ReceivedMessage>();
        var first = await ReceiveAsync(plan, plan.Settings.BatchSize, waitSeconds, handled, stop);
        if (first.Failed(out var received, out var failure))
        {
            return failure;
        }

        messages.AddRange(received);
        var wantsMore = received.Count > 0
            && (plan.Settings.WindowSeconds > 0 || received.Count == ReceiveMax);
        if (wantsMore)
        {
            await FillAsync(plan, messages, stop);
        }

        return new CollectedBatch(messages, messages.Count >= plan.Settings.BatchSize);
    }

    private async Task FillAsync(PollPlan plan, List<ReceivedMessage> messages, CancellationToken stop)
    {
        var window = TimeSpan.FromSeconds(plan.Settings.WindowSeconds);
        using var over = new CancellationTokenSource(window, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop);
        while (messages.Count < plan.Settings.BatchSize && !either.IsCancellationRequested
            && !serverStops.IsCancellationRequested
            && messages.Sum(Size) < Limits.RequestPayloadBytesMax)
        {
            var wait = plan.Settings.WindowSeconds > 0 ? Limits.ReceiveWaitSecondsMax : 0;
            var more = await ReceiveAsync(plan, plan.Settings.BatchSize - messages.Count, wait, [], either.Token);
            if (more.Failed(out var received, out _) || (received.Count == 0 && wait == 0))
            {
                return;
            }

            messages.AddRange(received);
        }
    }

    private async Task<Result<IReadOnlyList<ReceivedMessage>>> ReceiveAsync(
        PollPlan plan, int wanted, int waitSeconds, IReadOnlyList<string> handled, CancellationToken stop)
    {
        try
        {
            var request = new ReceiveRequest
            {
                MessagesMax = Math.Min(wanted, ReceiveMax),
                VisibilitySeconds = plan.ReceiveVisibilitySeconds,
                WaitSeconds = waitSeconds,
            };
            return await receiver.ReceiveAsync(plan.Mapping.Queue, request, handled, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Array.Empty<ReceivedMessage>();
        }
    }

    private static int Size(ReceivedMessage message) =>
        MessageRules.SizeOf(message.Content.Body, message.Content.Attributes);
}
