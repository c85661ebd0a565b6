using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Views;
using Lambent.Server.Delivery;

namespace Lambent.Server.Workflows;

/// <summary>How a synchronous express execution ended.</summary>
internal sealed record EndedExecution(ExecutionRecord Record, DataValue Input, DataValue? Output);

/// <summary>What may be asked of executions, whoever asks.</summary>
internal sealed class ExecutionService(
    IStore store,
    ExecutionStarter starter,
    ExecutionRunner runner,
    MachineDirectory machines,
    ActivityWorkers workers,
    DeliveryLease lease,
    EventSender events,
    string region,
    TimeProvider time)
{
    /// <summary>StartSyncExecution waits no longer.</summary>
    public static readonly TimeSpan SynchronousMax = TimeSpan.FromMinutes(5);

    private volatile ChildrenRead? childrenRead;

    /// <summary>Begins an execution. When the task completes, it is on stable storage.</summary>
    /// <returns>The execution, or the one of the same name that was begun with the same input and still runs.</returns>
    public async Task<Result<ExecutionRecord>> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        if (starter.Prepare(request).Failed(out var prepared, out var refused))
        {
            return refused;
        }

        Result<ExecutionRecord> written;
        try
        {
            written = await store.WriteAsync(
                transaction => prepared.Write(transaction, lease, region), cancellation);
        }
        catch (Exception failure) when (failure is StoreException or OperationCanceledException)
        {
            // It may have been begun all the same.
            runner.LookLater(prepared.Record.Id);
            throw;
        }

        if (written.IsSuccess && written.Value.Key == prepared.Record.Key)
        {
            workers.Announce(prepared.Events, prepared.Execution);
            runner.Adopt(prepared.Execution);
        }

        return written;
    }

    /// <summary>Runs an express execution to its end, in memory alone.</summary>
    public async Task<Result<EndedExecution>> RunAsync(StartRequest request, CancellationToken cancellation)
    {
        if (starter.Prepare(request with { IsSynchronous = true }).Failed(out var prepared, out var refused))
        {
            return refused;
        }

        if (prepared.Record.Type != StateMachineType.Express)
        {
            return new Error(
                ErrorCode.StateMachineTypeUnsupported, "This operation is not supported by this type of state machine");
        }

        prepared.Started?.Invoke(prepared.Record);
        var execution = prepared.Execution;
        if (execution.Activity == ExecutionActivity.Active)
        {
            using var limit = new CancellationTokenSource(SynchronousMax, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                await runner.RunVolatileAsync(execution, either.Token);
            }
            catch (OperationCanceledException)
            {
                // Also when nobody waits for it any more: it would stay in memory for as long as it likes.
                await runner.SayAsync(
                    execution.Handle, (interpreter, now) => interpreter.Stop("States.Timeout", null, now));
                cancellation.ThrowIfCancellationRequested();
            }
        }

        var state = execution.Interpreter.Execution;
        return new EndedExecution(ExecutionFiles.With(execution.Record, state), state.Input, state.Output);
    }

    public ExecutionRecord? Find(ExecutionId id) => store.Read(transaction => transaction.Executions.Get(id));

    /// <summary>Its input, and its output when it succeeded.</summary>
    public (DataValue Input, DataValue? Output) Payloads(ExecutionRecord record) =>
        store.Read(transaction => ExecutionTasks.PayloadsOf(transaction, record));

    public IReadOnlyList<ExecutionRecord> List(AccountId account, ExecutionFilter filter, int limit) =>
        store.Read(transaction => transaction.Executions.List(account, filter, limit));

    /// <summary>Events from a sequence number on, or before one when the latest come first.</summary>
    /// <param name="record">Whose.</param>
    /// <param name="from">The first one wanted.</param>
    /// <param name="count">How many at most are needed; more may come.</param>
    public IReadOnlyList<JournalEvent> Journal(ExecutionRecord record, long from, int count) =>
        store.Read(transaction =>
            transaction.Journal.ReadFrom(record.Id.Account, record.Key, from, count));

    public IReadOnlyList<JournalEvent> WholeJournal(ExecutionRecord record) =>
        store.Read(transaction => transaction.Journal.Read(record.Id.Account, record.Key).ToList());

    /// <summary>The definition it runs on and its role, as of its start.</summary>
    public StateMachineRevision? RevisionOf(ExecutionRecord record) => store.Read(transaction =>
        transaction.StateMachines.GetRevision(
            new StateMachineId(record.Id.Account, record.Id.Machine), record.Revision));

    public Task<Result<bool>> StopAsync(ExecutionId id, string? error, string? cause) =>
        runner.SayAsync(id, (interpreter, now) => interpreter.Stop(error, cause, now));

    /// <param name="id">Which.</param>
    /// <param name="token">By which the caller knows the wish again, or null.</param>
    public Task<Result<bool>> RedriveAsync(ExecutionId id, string? token = null) =>
        runner.SayAsync(id, (interpreter, now) => interpreter.Redrive(now, token));

    /// <summary>The redrive that was wished for with a token, or null.</summary>
    public JournalEvent? RedriveOf(ExecutionRecord record, string token) => record.RedriveCount == 0
        ? null
        : WholeJournal(record).LastOrDefault(happened =>
            happened.Type == JournalEventType.ExecutionRedriven && happened.Name == token);

    /// <summary>The runs of its distributed Maps, in the order in which they began.</summary>
    public IReadOnlyList<MapRun> MapRunsOf(ExecutionRecord record) => MapRun.Of(record, WholeJournal(record));

    /// <summary>The iterations of its distributed Maps, in the order in which they began.</summary>
    /// <param name="record">The execution.</param>
    /// <param name="wanted">Run and index of the one whose history is wanted, or null.</param>
    public IReadOnlyList<ChildExecution> ChildrenOf(ExecutionRecord record, (long Run, int Index)? wanted = null)
    {
        // Page after page is asked for of the same execution, and each would read the journal from its beginning.
        var last = LastSequence(record);
        if (wanted is null && childrenRead is { } read && (read.Key, read.Last) == (record.Key, last))
        {
            return read.Children;
        }

        if (machines.Find(new StateMachineId(record.Id.Account, record.Id.Machine), record.Revision) is not { } known)
        {
            return [];
        }

        var children = ChildReader.Read(
            ExecutionFiles.IdentityOf(record, region), known.Definition, WholeJournal(record), wanted);
        if (wanted is null)
        {
            childrenRead = new ChildrenRead(record.Key, last, children);
        }

        return children;
    }

    /// <returns>False when it does not run any more.</returns>
    public Task<Result<bool>> StopChildAsync(ExecutionId id, int branch, string? error, string? cause) =>
        runner.SayAsync(id, (interpreter, now) => interpreter.StopChild(branch, error, cause, now));

    /// <returns>False when the run has ended.</returns>
    public Task<Result<bool>> ChangeMapRunAsync(MapRun run, int? concurrencyMax, int? toleratedFailures) =>
        runner.SayAsync(run.Record.Id, (interpreter, now) =>
            interpreter.ChangeMapRun(run.Started.Branch, concurrencyMax, toleratedFailures, now));

    /// <summary>The tasks of the definition it runs on, by the names of their states.</summary>
    public IReadOnlyDictionary<string, TaskState> TaskStatesOf(ExecutionRecord record)
    {
        var machine = new StateMachineId(record.Id.Account, record.Id.Machine);
        Dictionary<string, TaskState> tasks = [];
        if (machines.Find(machine, record.Revision)?.Definition is { } definition)
        {
            AddTasks(definition.Graph, tasks);
        }

        return tasks;
    }

    /// <summary>The number of its last event.</summary>
    public long LastSequence(ExecutionRecord record) => store.Read(transaction =>
        transaction.Journal.ReadLast(record.Id.Account, record.Key, 1)) is [.., var last] ? last.Sequence : 0;

    public Task<Result<bool>> PauseAsync(ExecutionId id) =>
        runner.SayAsync(id, (interpreter, now) => interpreter.Pause(now));

    public Task<Result<bool>> ResumeAsync(ExecutionId id) =>
        runner.SayAsync(id, (interpreter, now) => interpreter.Resume(now));

    /// <summary>Leaves a state with an output that a person gives. An execution that failed in it goes on.</summary>
    public Task<Result<bool>> SkipAsync(ExecutionId id, string state, DataValue output) =>
        runner.SayAsync(id, (interpreter, now) =>
        {
            // Asked before, so that a state that is misspelled does not take the execution up again.
            if (!interpreter.CanSkip(state) || (interpreter.Execution.IsOver && !interpreter.Redrive(now)))
            {
                return false;
            }

            return interpreter.Skip(state, output, now);
        });

    /// <summary>Sends an event, durable when it is answered.</summary>
    /// <returns>False when one with the same key was received before.</returns>
    public Task<Result<bool>> SendEventAsync(ExecutionId id, string name, DataValue data, string? key) =>
        events.SendAsync(runner, id, name, data, key);

    public Task<Result<bool>> SucceedTaskAsync(string token, AccountId account, DataValue output) =>
        SayToTaskAsync(token, account, (interpreter, task, now) => interpreter.Succeed(task, output, now));

    public Task<Result<bool>> FailTaskAsync(string token, AccountId account, string? error, string? cause) =>
        SayToTaskAsync(
            token,
            account,
            (interpreter, task, now) => interpreter.Fail(task, error ?? StateErrors.TaskFailed, cause, now));

    public Task<Result<bool>> BeatAsync(string token, AccountId account) =>
        SayToTaskAsync(token, account, (interpreter, task, now) => interpreter.Beat(task, now));

    private static void AddTasks(StateGraph graph, Dictionary<string, TaskState> tasks)
    {
        foreach (var state in graph.States.Values)
        {
            switch (state)
            {
                case TaskState task:
                    tasks[task.Name] = task;
                    break;
                case ParallelState parallel:
                    foreach (var branch in parallel.Branches)
                    {
                        AddTasks(branch, tasks);
                    }

                    break;
                case MapState map:
                    AddTasks(map.Processor, tasks);
                    break;
            }
        }
    }

    private async Task<Result<bool>> SayToTaskAsync(
        string token, AccountId account, Func<Interpreter, long, DateTimeOffset, bool> say)
    {
        if (TaskToken.Read(token) is not { } named || named.Execution.Account != account)
        {
            return WorkflowErrors.TokenInvalid;
        }

        var isRight = true;
        var said = await runner.SayAsync(named.Execution, (interpreter, now) =>
        {
            isRight = token == TaskToken.Of(interpreter.Execution.Identity, named.Task);
            var task = interpreter.Execution.OpenTasks.FirstOrDefault(open => open.Number == named.Task);
            return isRight && task is not null && say(interpreter, named.Task, now);
        });
        return !isRight || said.Error?.Code == ErrorCode.ExecutionNotFound ? WorkflowErrors.TokenInvalid
            : said.Error is { } failure ? failure
            : said.Value ? true
            : WorkflowErrors.TaskGone;
    }

    /// <summary>The children of one execution, as they were up to an event of its journal.</summary>
    private sealed record ChildrenRead(string Key, long Last, IReadOnlyList<ChildExecution> Children);
}
