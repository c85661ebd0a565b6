using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Delivery;
using Lambent.Server.Loops;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Workflows;

/// <summary>
/// Runs executions: what comes for one is applied, the interpreter decides what follows, the events are made durable,
/// and only then is acted on them. Between two things that happen an execution is a row: it holds no thread and, unless
/// something is under way or due soon, no memory.
/// </summary>
internal sealed partial class ExecutionRunner : IAsyncDisposable
{
    /// <summary>When more are in memory, new ones wait in the store until there is room.</summary>
    private const int LoadedMax = 20_000;

    private static readonly TimeSpan SleepMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ExecutionId, Lazy<LoadedExecution?>> loaded = [];
    private readonly PriorityQueue<LoadedExecution, DateTimeOffset> timers = new();
    private readonly Lock timerGate = new();
    private readonly IStore store;
    private readonly MachineDirectory machines;
    private readonly DeliveryLease lease;
    private readonly TaskStarter tasks;
    private readonly ActivityWorkers workers;
    private readonly ItemFiles items;
    private readonly string region;
    private readonly TimeProvider time;
    private readonly ILogger<ExecutionRunner> logger;
    private readonly WakeSignal signal;
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public ExecutionRunner(
        IStore store,
        MachineDirectory machines,
        DeliveryLease lease,
        TaskStarter tasks,
        ActivityWorkers workers,
        ItemFiles items,
        string region,
        TimeProvider time,
        ILogger<ExecutionRunner> logger)
    {
        (this.store, this.machines, this.lease) = (store, machines, lease);
        (this.tasks, this.workers, this.items) = (tasks, workers, items);
        (this.region, this.time, this.logger) = (region, time, logger);
        signal = new WakeSignal(time);
    }

    /// <summary>Told the keys of executions that have ended, or null.</summary>
    public EventEndings? Endings { get; init; }

    /// <summary>Told what has ended, or null.</summary>
    public ExecutionSpans? Spans { get; init; }

    /// <summary>Told of each execution that ended after its first steps; null: nobody.</summary>
    public Action<ExecutionRecord>? Ended { get; set; }

    /// <summary>Executions in memory.</summary>
    public int LoadedCount => loaded.Count;

    public bool IsCrowded => loaded.Count >= LoadedMax;

    /// <summary>Takes over what was under way in a process that ended; before anything is accepted.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await lease.TakeAsync(cancellation);
        await store.WriteAsync<Done>(
            transaction =>
            {
                transaction.Executions.WakeActive(time.GetUtcNow());
                return Done.Value;
            },
            cancellation);
    }

    public void Start()
    {
        store.InDoubt += LookForDue;
        loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        store.InDoubt -= LookForDue;
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    /// <summary>Says something to an execution.</summary>
    /// <returns>True when it was taken and is durable, false when nothing waited for it; a failure when there is no
    /// such execution or the store could not be written.</returns>
    public async Task<Result<bool>> SayAsync(ExecutionId id, Func<Interpreter, DateTimeOffset, bool> word) =>
        await AddAsync(id, new Word(word));

    /// <summary>Does a task that is done within the store.</summary>
    public async Task<Result<bool>> AddAsync(ExecutionId id, Stimulus stimulus)
    {
        while (Load(id) is { } execution)
        {
            if (execution.TryAdd(stimulus, out var begins))
            {
                if (begins)
                {
                    _ = WorkAsync(execution);
                }

                return await stimulus.Done;
            }
        }

        return WorkflowErrors.ExecutionNotFound(id, region);
    }

    /// <summary>Takes over an execution that was begun and written just now.</summary>
    public void Adopt(LoadedExecution begun)
    {
        if (begun.Activity != ExecutionActivity.Active)
        {
            Announce(begun);
            return;
        }

        Keep(begun);
    }

    /// <summary>Runs an execution that nobody will ask for again: nothing of it is written down.</summary>
    public async Task RunVolatileAsync(LoadedExecution begun, CancellationToken cancellation)
    {
        Keep(begun);
        await begun.Ended.Task.WaitAsync(cancellation);
    }

    private void Keep(LoadedExecution begun)
    {
        var entry = new Lazy<LoadedExecution?>(begun);
        var kept = loaded.GetOrAdd(begun.Handle, entry);
        if (!ReferenceEquals(kept, entry))
        {
            // Somebody who knew its name was quicker and has read it from the store, which is as good.
            if (kept.Value is not null)
            {
                return;
            }

            loaded[begun.Handle] = entry;
        }

        SetTimer(begun);
        StartTasks(begun, begun.Interpreter.Execution.OpenTasks);
        Look(begun);
    }

    /// <summary>An execution was to be begun and the store did not say that it was, which may be wrong: somebody looks
    /// soon whether there is one, for nobody else would.</summary>
    public void LookLater(ExecutionId id) => _ = TryAgainAsync(id);

    /// <summary>Executions that are due may have been written elsewhere.</summary>
    public void LookForDue() => signal.Wake();

    /// <summary>Somebody looks at it as soon as nothing else happens to it.</summary>
    public void Wake(ExecutionId id)
    {
        if (Load(id) is { } execution)
        {
            Look(execution);
        }
    }

    private void Look(LoadedExecution execution)
    {
        if (execution.TryAdd(null, out var begins) && begins)
        {
            _ = WorkAsync(execution);
        }
    }

    /// <summary>An execution in memory, loaded when it is not.</summary>
    private LoadedExecution? Load(ExecutionId id)
    {
        var entry = loaded.GetOrAdd(id, wanted => new Lazy<LoadedExecution?>(() => Read(wanted)));
        var execution = entry.Value;
        if (execution is null)
        {
            loaded.TryRemove(KeyValuePair.Create(id, entry));
        }

        return execution;
    }

    private LoadedExecution? Read(ExecutionId id)
    {
        var read = store.Read(transaction => transaction.Executions.Get(id) is { } record
            ? (Record: record, Journal: transaction.Journal.Read(id.Account, record.Key).ToList())
            : default);
        if (read.Record is not { } found
            || machines.Find(new StateMachineId(id.Account, id.Machine), found.Revision) is not { } known)
        {
            return null;
        }

        var identity = ExecutionFiles.IdentityOf(found, region);
        var execution = Execution.Rebuild(identity, known.Definition, read.Journal);
        return new LoadedExecution(found, new Interpreter(execution))
        {
            Activity = execution.IsOver ? ExecutionActivity.Over : null,
        };
    }

    /// <summary>Works on an execution until nothing is left to do now.</summary>
    private async Task WorkAsync(LoadedExecution execution)
    {
        // Whoever had something to say does not wait until all of it is done.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // When it was parked, what had been under way in a process that is no more has to be done again.
        var isFresh = execution.Activity != ExecutionActivity.Active;
        while (true)
        {
            var failure = await TryStepAsync(execution, execution.Take(), isFresh);
            isFresh = false;
            if (failure is not null)
            {
                GiveUp(execution, failure);
                return;
            }

            var closes = execution.Activity != ExecutionActivity.Active;
            if (!execution.Interpreter.IsRunnable && execution.TryRest(closes))
            {
                Rest(execution, closes);
                return;
            }
        }
    }

    /// <summary>Whoever waits for an answer gets one, whatever breaks.</summary>
    private async Task<Error?> TryStepAsync(LoadedExecution execution, List<Stimulus> line, bool isFresh)
    {
        try
        {
            var failure = await StepAsync(execution, line, isFresh);
            if (failure is not null)
            {
                line.ForEach(undone => undone.Complete(failure));
            }

            return failure;
        }
        catch (Exception exception)
        {
            var failure = exception is StoreException refused
                ? new Error(refused.Code, refused.Message)
                : new Error(ErrorCode.Internal, "The execution could not go on.");
            LogFailed(exception, execution.Record.Id.Arn(region));
            line.ForEach(undone => undone.Complete(failure));
            return failure;
        }
    }

    private void Rest(LoadedExecution execution, bool closes)
    {
        if (!closes)
        {
            SetTimer(execution);
            return;
        }

        Forget(execution);
        Announce(execution);
    }

    private void Announce(LoadedExecution execution)
    {
        if (execution.Activity == ExecutionActivity.Over)
        {
            execution.Ended.TrySetResult();
            Endings?.Announce(execution.Record.Key);
            Spans?.Ended(execution.Record);
            if (execution.Record is { Parent: { } parent, ContinuedAs: null })
            {
                tasks.Tell(this, parent, execution);
            }
        }
        else if (execution.WakeAt is not null)
        {
            signal.Wake();
        }
    }

    /// <summary>Applies what waits in line, decides, writes, acts.</summary>
    private async Task<Error?> StepAsync(LoadedExecution execution, List<Stimulus> line, bool isFresh)
    {
        var interpreter = execution.Interpreter;
        var now = time.GetUtcNow();
        var begun = interpreter.Execution.EventCount;
        List<(Stimulus Stimulus, bool Taken)> answers = new(line.Count);
        if (isFresh && execution.Record.Parent is { } parent && await tasks.IsAbandonedAsync(this, parent))
        {
            interpreter.Stop(null, NestedTasks.Cause, now);
        }

        if (isFresh)
        {
            tasks.Look(interpreter, now);
        }

        foreach (var stimulus in line)
        {
            if (stimulus is Word word)
            {
                answers.Add((word, word.Apply(interpreter, now)));
            }
            else if (await PerformAsync(execution, (StoredWork)stimulus, now) is { } failure)
            {
                return failure;
            }
        }

        interpreter.Tick(now);
        interpreter.Advance(now);
        HandItems(interpreter, now);
        var events = interpreter.TakeEvents();
        if (await WriteAsync(execution, events) is { } unwritten)
        {
            return unwritten;
        }

        foreach (var (stimulus, taken) in answers)
        {
            stimulus.Complete(taken);
        }

        workers.Announce(events, execution);
        var open = interpreter.Execution.OpenTasks;
        StartTasks(execution, isFresh ? open : open.Where(task => task.Number > begun));
        return null;
    }

    /// <summary>Items that lie in a file come into memory when it is their turn.</summary>
    private void HandItems(Interpreter interpreter, DateTimeOffset now)
    {
        while (interpreter.Wanted() is { } wanted)
        {
            if (items.Read(wanted.Digest, wanted.First).Failed(out var found, out var failure))
            {
                interpreter.FailSupply(wanted, failure.Message, now);
            }
            else
            {
                interpreter.Supply(wanted, found);
            }
        }
    }

    private void StartTasks(LoadedExecution execution, IEnumerable<OpenTask> open)
    {
        foreach (var task in open.ToList())
        {
            tasks.Start(this, execution, task);
        }
    }

    /// <summary>What is in memory may be ahead of the store: it is read again when something happens.</summary>
    private void GiveUp(LoadedExecution execution, Error failure)
    {
        Forget(execution);
        foreach (var stimulus in execution.Close())
        {
            stimulus.Complete(failure);
        }

        LogGivenUp(execution.Record.Id.Arn(region), failure.Message);
        if (!execution.IsDurable)
        {
            execution.Ended.TrySetResult();
            return;
        }

        if (!stopping.IsCancellationRequested && failure.Code != ErrorCode.Draining)
        {
            _ = TryAgainAsync(execution.Record.Id);
        }
    }

    private async Task TryAgainAsync(ExecutionId id)
    {
        try
        {
            await Task.Delay(PauseAfterFailure, time, stopping.Token);
            Wake(id);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start finds it.
        }
        catch (Exception failure)
        {
            LogFailed(failure, id.Arn(region));
            _ = TryAgainAsync(id);
        }
    }

    private void Forget(LoadedExecution execution)
    {
        var id = execution.Handle;
        if (loaded.TryGetValue(id, out var entry) && entry.IsValueCreated && ReferenceEquals(entry.Value, execution))
        {
            var wasCrowded = IsCrowded;
            loaded.TryRemove(KeyValuePair.Create(id, entry));
            if (wasCrowded)
            {
                signal.Wake();
            }
        }
    }

    [LoggerMessage(2501, LogLevel.Error, "Execution {Execution} could not go on; it is tried again")]
    private partial void LogFailed(Exception exception, string execution);

    [LoggerMessage(2502, LogLevel.Warning, "Execution {Execution} is read again from its journal: {Reason}")]
    private partial void LogGivenUp(string execution, string reason);

    [LoggerMessage(2503, LogLevel.Error, "Executions that are due could not be looked at; they stay due")]
    private partial void LogLoopFailed(Exception exception);
}
