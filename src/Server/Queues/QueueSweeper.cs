using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Queues;

/// <summary>
/// Gives back the space of messages that nobody can see any more: purged, of deleted queues, expired. In steps of a few
/// hundred, so that no other write waits long for one.
/// </summary>
internal sealed partial class QueueSweeper : IAsyncDisposable
{
    private const int StepMessagesMax = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly IStore store;
    private readonly TimeProvider time;
    private readonly ILogger<QueueSweeper> logger;
    private readonly WakeSignal wake;

    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public QueueSweeper(IStore store, TimeProvider time, ILogger<QueueSweeper> logger)
    {
        this.store = store;
        this.time = time;
        wake = new WakeSignal(time);
        this.logger = logger;
    }

    public void Start() => loop = RunAsync();

    /// <summary>There is something to remove.</summary>
    public void Wake() => wake.Wake();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    /// <summary>Removes what there is, step by step.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        while (await StepAsync(RemoveDiscarded, cancellation) > 0)
        {
        }

        while (await StepAsync(ForgetSent, cancellation) == StepMessagesMax)
        {
        }

        while (await StepAsync(ForgetPushed, cancellation) == StepMessagesMax)
        {
        }

        foreach (var account in store.Read(transaction => transaction.Accounts.List()))
        {
            string? after = null;
            while (store.Read(transaction => transaction.Queues.List(account.Id, "", after, Limits.QueueListMax))
                is { Count: > 0 } page)
            {
                foreach (var queue in page)
                {
                    await RemoveExpiredAsync(queue, cancellation);
                }

                after = page[^1].Id.Name;
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await SweepAsync(stopping.Token);
                }
                catch (StoreException refused)
                {
                    // Whatever is left is found by the next round.
                    LogRefused(refused);
                }

                await wake.WaitAsync(Pause, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task RemoveExpiredAsync(Queue queue, CancellationToken cancellation)
    {
        while (store.Read(transaction => Expired(transaction, queue, time.GetUtcNow()).Count) > 0)
        {
            var removed = await StepAsync(
                transaction =>
                {
                    var expired = Expired(transaction, queue, time.GetUtcNow());
                    foreach (var state in expired)
                    {
                        MessageGroups.Delete(transaction, queue.Lane, state);
                    }

                    return expired.Count;
                },
                cancellation);
            if (removed < StepMessagesMax)
            {
                return;
            }
        }
    }

    /// <summary>Of the oldest messages those that are expired. One that somebody works on is left to them.</summary>
    private static List<MessageState> Expired(ITransaction transaction, Queue queue, DateTimeOffset now) =>
    [
        .. transaction.Messages.Oldest(queue.Lane, StepMessagesMax).Where(state =>
            state.RetainedFrom + queue.Settings.Retention <= now && !state.IsInFlight(now)),
    ];

    private static int RemoveDiscarded(ITransaction transaction)
    {
        if (transaction.Queues.Discarded() is not { } lane)
        {
            return 0;
        }

        transaction.Queues.RemoveSome(lane, StepMessagesMax);
        return 1;
    }

    private int ForgetSent(ITransaction transaction) =>
        transaction.Messages.ForgetSent(time.GetUtcNow(), StepMessagesMax);

    private static int ForgetPushed(ITransaction transaction) => transaction.Push.ForgetProgress(StepMessagesMax);

    private async Task<int> StepAsync(Func<ITransaction, int> step, CancellationToken cancellation) =>
        (await store.WriteAsync<int>(transaction => step(transaction), cancellation)).Value;

    [LoggerMessage(301, LogLevel.Warning, "Messages that nobody can see could not be removed yet")]
    private partial void LogRefused(Exception exception);
}
