using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Push;

/// <summary>What a push queue does now.</summary>
/// <param name="Running">Messages under way.</param>
/// <param name="Counts">What was done since the start.</param>
internal sealed record PushView(int Running, PushCounts Counts);

/// <summary>
/// Makes what the settings of push queues ask for so: a worker for each that is on. What is asked for is read from the
/// store each time, so it does not matter in which order notices of changes come.
/// </summary>
internal sealed partial class PushRunner : IAsyncDisposable
{
    private readonly PushService queues;
    private readonly PushServices services;
    private readonly ILogger<PushRunner> logger;
    private readonly Lock gate = new();
    private readonly Dictionary<QueueId, PushWorker> workers = [];
    private readonly Dictionary<QueueId, PushFigures> figures = [];
    private Task last = Task.CompletedTask;
    private bool isStopping;

    public PushRunner(PushService queues, PushServices services, ILogger<PushRunner> logger)
    {
        this.queues = queues;
        this.services = services;
        this.logger = logger;
    }

    /// <summary>Starts what is on.</summary>
    public void Start()
    {
        queues.Changed += Follow;
        services.Store.InDoubt += LookAgain;
        FollowAll();
    }

    /// <summary>A queue was made or deleted: how it pushed is gone with it.</summary>
    public void QueueChanged(QueueId id)
    {
        lock (gate)
        {
            if (!workers.ContainsKey(id))
            {
                return;
            }
        }

        Follow(id);
    }

    public PushView View(QueueId id)
    {
        lock (gate)
        {
            return new PushView(
                workers.TryGetValue(id, out var worker) ? worker.Running : 0,
                figures.TryGetValue(id, out var counted) ? counted.Read() : PushCounts.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        queues.Changed -= Follow;
        services.Store.InDoubt -= LookAgain;
        Task before;
        PushWorker[] ending;
        lock (gate)
        {
            isStopping = true;
            before = last;
            ending = [.. workers.Values];
        }

        await Task.WhenAll(ending.Select(worker => worker.DisposeAsync().AsTask()));
        await before;
    }

    private void FollowAll()
    {
        foreach (var push in services.Store.Read(transaction => transaction.Push.All()))
        {
            Follow(push.Id);
        }
    }

    /// <summary>Any of them may have been changed, or be an ordinary queue again.</summary>
    private void LookAgain() => _ = Task.Run(() =>
    {
        List<QueueId> followed;
        lock (gate)
        {
            followed = [.. workers.Keys];
        }

        followed.ForEach(Follow);
        FollowAll();
    });

    private void Follow(QueueId id)
    {
        lock (gate)
        {
            // One after the other: a worker with other settings starts when the one before has stopped.
            last = AfterAsync(last, () => ReconcileAsync(id));
        }
    }

    private async Task AfterAsync(Task before, Func<Task> next)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await before;
        try
        {
            await next();
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    private async Task ReconcileAsync(QueueId id)
    {
        var wanted = services.Store.Read(transaction => transaction.Push.Get(id));
        PushWorker? before;
        lock (gate)
        {
            if (isStopping)
            {
                return;
            }

            workers.Remove(id, out before);
        }

        if (before is not null)
        {
            await before.DisposeAsync();
        }

        lock (gate)
        {
            if (wanted is null)
            {
                figures.Remove(id);
            }

            if (wanted is not { IsEnabled: true } || isStopping)
            {
                return;
            }

            if (!figures.TryGetValue(id, out var counted))
            {
                figures[id] = counted = new PushFigures();
            }

            workers[id] = new PushWorker(wanted, services, counted, logger);
            workers[id].Start();
        }
    }

    [LoggerMessage(624, LogLevel.Error, "A push queue could not be brought to what was asked for")]
    private partial void LogFailed(Exception exception);
}
