using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Queues;

/// <summary>
/// Redrive: moves the messages of dead-letter queues back, a few at a time. A task and each of its steps are durable,
/// so it goes on after a restart, and a message is in one queue at every moment.
/// </summary>
internal sealed partial class MoveTaskRunner : IAsyncDisposable
{
    private const int StepMessagesMax = 100;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly IStore store;
    private readonly QueueSignals signals;
    private readonly string region;
    private readonly TimeProvider time;
    private readonly ILogger<MoveTaskRunner> logger;
    private readonly Func<Guid> newId;
    private readonly WakeSignal wake;

    private readonly Dictionary<string, DateTimeOffset> nextSteps = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public MoveTaskRunner(
        IStore store,
        QueueSignals signals,
        string region,
        TimeProvider time,
        ILogger<MoveTaskRunner> logger,
        Func<Guid>? newId = null)
    {
        this.newId = newId ?? Guid.NewGuid;
        this.store = store;
        this.signals = signals;
        this.region = region;
        this.time = time;
        wake = new WakeSignal(time);
        this.logger = logger;
    }

    public void Start() => loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    /// <summary>Begins to move the messages of a dead-letter queue.</summary>
    /// <param name="source">The dead-letter queue.</param>
    /// <param name="destination">Where to, or null for where each message came from.</param>
    /// <param name="rateMax">Messages a second, 1 to 500, or null.</param>
    /// <param name="cancellation">Gives up as long as the write did not begin.</param>
    public async Task<Result<MoveTask>> StartAsync(
        QueueId source, QueueId? destination, int? rateMax, CancellationToken cancellation)
    {
        var id = newId().ToString();
        var started = await store.WriteAsync<MoveTask>(
            transaction =>
            {
                if (transaction.Queues.Get(source) is not { } queue)
                {
                    return MissingResource("SourceArn");
                }

                if (destination is { } target && transaction.Queues.Get(target) is null)
                {
                    return MissingResource("DestinationArn");
                }

                if (!QueueService.Sources(transaction, source, null).Any()
                    && !transaction.Push.List(source.Account).Any(push => push.ErrorQueue == source))
                {
                    return Invalid("Source queue must be configured as a Dead Letter Queue.");
                }

                if (transaction.Queues.Tasks(source, 1) is [{ IsActive: true }])
                {
                    return Invalid("There is already a task running. Only one active task is allowed for a source "
                        + "queue arn at a given time.");
                }

                var now = time.GetUtcNow();
                var counts = transaction.Messages.Count(queue.Lane, now, now - queue.Settings.Retention);
                var task = new MoveTask
                {
                    Id = id,
                    Source = source,
                    Destination = destination,
                    RateMax = rateMax,
                    StartedAt = now,
                    ToMove = counts.Visible,
                };
                transaction.Queues.PutTask(task);
                return task;
            },
            cancellation);
        wake.Wake();
        return started;
    }

    /// <summary>Stops a task; what it moved stays moved.</summary>
    /// <returns>Messages that were moved.</returns>
    public Task<Result<long>> CancelAsync(QueueId source, string taskId, CancellationToken cancellation) =>
        store.WriteAsync<long>(
            transaction =>
            {
                if (transaction.Queues.Get(source) is null)
                {
                    return MissingResource("SourceArn");
                }

                var task = transaction.Queues.Tasks(source, Limits.MoveTasksListedMax)
                    .FirstOrDefault(task => task.Id == taskId);
                if (task is null)
                {
                    return new Error(ErrorCode.ResourceNotFound, "Task does not exist.", "TaskHandle");
                }

                if (!task.IsActive)
                {
                    return Invalid("Only active tasks can be cancelled.");
                }

                transaction.Queues.PutTask(task with { Status = MoveTaskStatus.Cancelled });
                return task.Moved;
            },
            cancellation);

    public Result<IReadOnlyList<MoveTask>> List(QueueId source, int limit) =>
        store.Read<Result<IReadOnlyList<MoveTask>>>(transaction => transaction.Queues.Get(source) is null
            ? MissingResource("SourceArn")
            : new List<MoveTask>(transaction.Queues.Tasks(source, limit)));

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var active = store.Read(transaction => transaction.Queues.ActiveTasks());
                if (active.Count == 0)
                {
                    nextSteps.Clear();
                    await wake.WaitAsync(stopping.Token);
                    continue;
                }

                var isLimited = await RoundAsync(active);
                if (isLimited)
                {
                    await Task.Delay(Second, time, stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; active tasks go on with the next start.
        }
    }

    /// <returns>Whether all tasks wait for the next second.</returns>
    private async Task<bool> RoundAsync(IReadOnlyList<MoveTask> active)
    {
        var isLimited = true;
        foreach (var task in active)
        {
            if (task.RateMax is not null && !IsDue(task.Id))
            {
                continue;
            }

            try
            {
                var destinations = new HashSet<QueueId>();
                await store.WriteAsync<Done>(
                    transaction =>
                    {
                        Step(transaction, task, destinations);
                        return Done.Value;
                    },
                    stopping.Token);
                foreach (var destination in destinations)
                {
                    signals.Signal(destination, StepMessagesMax);
                }

                isLimited &= task.RateMax is not null;
            }
            catch (StoreException refused)
            {
                LogRefused(task.Id, refused);
            }
        }

        return isLimited;
    }

    /// <summary>Once a second for a task with a rate.</summary>
    private bool IsDue(string taskId)
    {
        var now = time.GetUtcNow();
        if (nextSteps.TryGetValue(taskId, out var due) && due > now)
        {
            return false;
        }

        nextSteps[taskId] = now + Second;
        return true;
    }

    private void Step(ITransaction transaction, MoveTask listed, HashSet<QueueId> destinations)
    {
        // Cancelled since it was listed, perhaps.
        var task = transaction.Queues.Tasks(listed.Source, Limits.MoveTasksListedMax)
            .FirstOrDefault(task => task.Id == listed.Id);
        if (task is not { IsActive: true })
        {
            return;
        }

        if (transaction.Queues.Get(task.Source) is not { } source)
        {
            Fail(transaction, task, "AWS.SimpleQueueService.NonExistentQueue");
            return;
        }

        var now = time.GetUtcNow();
        var limit = Math.Min(task.RateMax ?? StepMessagesMax, StepMessagesMax * 5);
        var visible = transaction.Messages.Visible(source.Lane, now, limit);
        var moved = 0;
        foreach (var state in visible.OrderBy(state => state.Sequence))
        {
            var content = transaction.Messages.Content(source.Lane, state.Sequence);
            if ((task.Destination ?? QueueId.FromArn(content.DeadLetterSourceArn, region)) is not { } wanted
                || transaction.Queues.Get(wanted) is not { } destination
                || destination.IsFifo != source.IsFifo)
            {
                var name = content.DeadLetterSourceArn is null && task.Destination is null
                    ? "CouldNotDetermineMessageSource"
                    : "AWS.SimpleQueueService.NonExistentQueue";
                Fail(transaction, task with { Moved = task.Moved + moved }, name);
                return;
            }

            Move(transaction, source, state, destination, content, now);
            destinations.Add(wanted);
            moved++;
        }

        transaction.Queues.PutTask(task with
        {
            Moved = task.Moved + moved,
            Status = visible.Count < limit ? MoveTaskStatus.Completed : MoveTaskStatus.Running,
        });
    }

    /// <summary>What comes back is a new message, as on AWS: another id, counters from the start.</summary>
    private void Move(
        ITransaction transaction,
        Queue source,
        MessageState state,
        Queue destination,
        MessageContent content,
        DateTimeOffset now)
    {
        var sequence = transaction.Messages.TakeSequences(destination.Lane, 1);
        MessageGroups.Move(
            transaction,
            source.Lane,
            state.Sequence,
            destination.Lane,
            MessageLifeCycle.Redrive(state, sequence, now) with
            {
                Priority = MessagePriority.In(destination, content.Attributes),
            },
            content with
            {
                Id = newId().ToString(),
                DeadLetterSourceArn = null,
                Attributes = content.Attributes.Remove(PushRules.FailedAttribute),
            });
    }

    private static void Fail(ITransaction transaction, MoveTask task, string reason) =>
        transaction.Queues.PutTask(task with { Status = MoveTaskStatus.Failed, FailureReason = reason });

    private static Error MissingResource(string parameter) => new(
        ErrorCode.ResourceNotFound,
        $"The resource that you specified for the {parameter} parameter doesn't exist.",
        parameter);

    private static Error Invalid(string message) => new(ErrorCode.InvalidParameter, message);

    [LoggerMessage(302, LogLevel.Warning, "Task {TaskId} could not move messages; it is tried again")]
    private partial void LogRefused(string taskId, Exception exception);
}
