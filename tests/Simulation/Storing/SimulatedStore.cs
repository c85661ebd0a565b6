using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Simulation.Auditing;
using Lambent.Simulation.Scheduling;
using Lambent.Storage.Sqlite;

namespace Lambent.Simulation.Storing;

/// <summary>One change of a table that a committed write made: the method of the table and what it was given.</summary>
internal readonly record struct TableCall(string Table, string Method, object?[] Arguments);

/// <summary>
/// The store as one life of a server has it: the real tables, statements and group commit, on virtual time, with a disk
/// on which things go wrong. It ends with its life.
/// </summary>
internal sealed class SimulatedStore : IStore, IDisposable
{
    // Result codes of SQLite.
    private const int SqliteInputOutputError = 10;
    private const int SqliteFull = 13;

    private static readonly TimeSpan SlowMax = TimeSpan.FromSeconds(40);

    private readonly SimulatedDisk disk;
    private readonly Scheduler scheduler;
    private readonly Actor actor;
    private readonly FaultPlan faults;
    private readonly Random chance;
    private readonly StoreHooks hooks;
    private readonly GroupCommit commit;
    private List<Waiting> queue = [];
    private StoreFault fault;
    private bool isScheduled;

    public SimulatedStore(
        SimulatedDisk disk, Scheduler scheduler, Actor actor, FaultPlan faults, Random chance, StoreHooks hooks)
    {
        this.disk = disk;
        this.scheduler = scheduler;
        this.actor = actor;
        this.faults = faults;
        this.chance = chance;
        this.hooks = hooks;
        commit = new GroupCommit("the simulated disk", disk.Connect(), BeforeCommit, disk.Reconnect);
    }

    public event Action? InDoubt;

    public Task<Result<T>> WriteAsync<T>(
        Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<Result<T>>(cancellation);
        }

        if (actor.IsDead)
        {
            // What was left in the thread pool when the server died comes this far and no further.
            return new TaskCompletionSource<Result<T>>().Task;
        }

        var calls = new List<TableCall>();
        var stays = false;
        var write = new PendingWrite<T>(
            transaction =>
            {
                // The body may be run again after a rollback.
                calls.Clear();
                stays = false;
                var result = body(Observe(transaction, calls));
                stays = result.IsSuccess;
                return result;
            },
            cancellation);
        var waiting = new Waiting(write, write.Task, calls, () => stays);
        Add(waiting);
        return ReportAsync(waiting, write.Task);
    }

    public T Read<T>(Func<ITransaction, T> body) => disk.Read(body);

    public void Dispose() => commit.Dispose();

    /// <summary>Runs a body and takes back what it wrote: what a store does that answers before it writes.</summary>
    public Result<T> RunAndTakeBack<T>(Func<ITransaction, Result<T>> body)
    {
        Result<T> result = default;
        commit.Run(
        [
            new PendingWrite<T>(
                transaction =>
                {
                    result = body(transaction);
                    return new Error(ErrorCode.StoreUnavailable, "Taken back.");
                },
                CancellationToken.None),
        ]);
        return result;
    }

    private void Add(Waiting waiting)
    {
        queue.Add(waiting);
        if (!isScheduled)
        {
            isScheduled = true;
            fault = faults.NextStoreFault();
            var most = fault == StoreFault.Slow ? SlowMax : TimeSpan.FromMilliseconds(8);
            scheduler.After(chance.NextDouble() * most, actor, RunBatch);
        }
    }

    private static async Task<Result<T>> ReportAsync<T>(Waiting waiting, Task<Result<T>> task)
    {
        var result = await task;
        return waiting.IsReportedFailed
            ? throw new StoreException(ErrorCode.StoreUnavailable, "The simulated disk did not answer in time.")
            : result;
    }

    private void RunBatch()
    {
        isScheduled = false;
        var batch = queue;
        queue = [];
        var writes = batch.ConvertAll(waiting => waiting.Write);
        SqliteWriter.DropUnwanted(writes);
        if (writes.Count == 0)
        {
            return;
        }

        commit.Run(writes);
        if (actor.IsDead)
        {
            return;
        }

        foreach (var waiting in batch.Where(waiting => waiting.Task.IsCompletedSuccessfully && waiting.Stays()))
        {
            hooks.Committed(waiting.Calls);
            waiting.IsReportedFailed = fault == StoreFault.AppliedButReportedFailed;
        }

        if (fault is StoreFault.AppliedButReportedFailed)
        {
            hooks.Note("store: applied, reported failed");
            InDoubt?.Invoke();
        }
        else if (fault == StoreFault.CrashAfterCommit)
        {
            hooks.Crash("after commit");
        }
    }

    private void BeforeCommit()
    {
        switch (fault)
        {
            case StoreFault.CrashBeforeCommit:
                hooks.Crash("before commit");
                throw new SqliteException(SqliteInputOutputError, "the power is gone");
            case StoreFault.DiskFull:
                hooks.Note("store: disk full");
                throw new SqliteException(SqliteFull, "the simulated disk is full");
            case StoreFault.DiskError:
                hooks.Note("store: disk error");
                throw new SqliteException(SqliteInputOutputError, "the simulated disk failed");
        }
    }

    private ITransaction Observe(ITransaction transaction, List<TableCall> calls) => TableProxy.Around(
        transaction,
        (method, _, proceed) =>
        {
            var table = proceed()!;
            return hooks.Observed.TryGetValue(method, out var around) ? around(table, calls) : table;
        });

    private sealed record Waiting(PendingWrite Write, Task Task, List<TableCall> Calls, Func<bool> Stays)
    {
        public bool IsReportedFailed { get; set; }
    }
}
