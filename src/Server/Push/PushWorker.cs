using Lambent.Kernel;
using Lambent.Kernel.Queues.Push;
using Lambent.Server.Queues;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Push;

/// <summary>
/// Takes the messages of one push queue, as any receiver does, and posts them, some at a time. While there are none it
/// waits in a receive, which costs nothing.
/// </summary>
internal sealed partial class PushWorker : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly PushServices services;
    private readonly PushDelivery delivery;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping;
    private readonly SemaphoreSlim slots;
    private readonly HashSet<Task> underWay = [];
    private readonly Lock gate = new();
    private Task loop = Task.CompletedTask;

    public PushWorker(PushQueue push, PushServices services, PushFigures figures, ILogger logger)
    {
        Push = push;
        this.services = services;
        this.logger = logger;
        delivery = new PushDelivery(services, figures, logger);
        slots = new SemaphoreSlim(push.ConcurrencyMax);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(services.Stopping);
    }

    /// <summary>The settings that this worker works by; others make another worker.</summary>
    public PushQueue Push { get; }

    /// <summary>Messages under way.</summary>
    public int Running
    {
        get
        {
            lock (gate)
            {
                return underWay.Count;
            }
        }
    }

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Takes no more messages, breaks off attempts, and gives back what was under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        Task[] last;
        lock (gate)
        {
            last = [.. underWay];
        }

        await Task.WhenAll(last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
        slots.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested && !services.Stopping.IsCancellationRequested)
        {
            try
            {
                await RoundAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(logger, Push.Id.Name, exception);
                await PauseAsync();
            }
        }
    }

    private async Task RoundAsync()
    {
        var taken = await TakeSlotsAsync();
        IReadOnlyList<ReceivedMessage> messages = [];
        try
        {
            var received = await services.Receiver.ReceiveAsync(
                Push.Id,
                new ReceiveRequest
                {
                    MessagesMax = taken,
                    VisibilitySeconds = (int)Push.RoundMax.TotalSeconds,
                    WaitSeconds = Limits.ReceiveWaitSecondsMax,
                },
                stopping.Token);
            if (received.Failed(out messages!, out _))
            {
                // The queue is gone, which the runner is told, or has too many messages in flight.
                messages = [];
                await PauseAsync();
            }

            if (messages.Count > 0 && !IsCurrent())
            {
                await ReturnAsync(messages);
                messages = [];
            }
        }
        finally
        {
            if (taken > messages.Count)
            {
                slots.Release(taken - messages.Count);
            }
        }

        foreach (var message in messages)
        {
            Begin(message);
        }
    }

    /// <summary>A change may have been committed while the receive waited; its notice is under way.</summary>
    private bool IsCurrent() => services.Store.Read(transaction => transaction.Push.Get(Push.Id)) is
        { IsEnabled: true } current && current.ModifiedAt == Push.ModifiedAt;

    private async Task ReturnAsync(IEnumerable<ReceivedMessage> messages) =>
        await services.Settler.ChangeVisibilityAsync(
            Push.Id, [.. messages.Select(message => (message.ReceiptHandle, 0))], CancellationToken.None);

    /// <summary>At least one, and more if they are free. In a FIFO queue one group is one line.</summary>
    private async Task<int> TakeSlotsAsync()
    {
        await slots.WaitAsync(stopping.Token);
        var taken = 1;
        while (!Push.Id.IsFifo && taken < Limits.MessageBatchMax && await slots.WaitAsync(0, CancellationToken.None))
        {
            taken++;
        }

        return taken;
    }

    private void Begin(ReceivedMessage message)
    {
        var task = Task.Run(() => DeliverAsync(message));
        lock (gate)
        {
            underWay.Add(task);
        }

        _ = task.ContinueWith(
            ended =>
            {
                lock (gate)
                {
                    underWay.Remove(ended);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task DeliverAsync(ReceivedMessage message)
    {
        try
        {
            await delivery.DeliverAsync(Push, message, stopping.Token);
        }
        catch (Exception exception)
        {
            // It comes again by its visibility timeout.
            LogFailed(logger, Push.Id.Name, exception);
        }
        finally
        {
            slots.Release();
        }
    }

    private Task PauseAsync() => Task.Delay(PauseAfterFailure, services.Time, stopping.Token)
        .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    [LoggerMessage(623, LogLevel.Error, "Messages of the push queue {Queue} could not be worked on; they come again")]
    private static partial void LogFailed(ILogger logger, string queue, Exception exception);
}
