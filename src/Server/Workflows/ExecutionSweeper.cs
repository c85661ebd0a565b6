using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Loops;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Workflows;

/// <summary>
/// Forgets executions that ended long ago, and machines that were deleted once their executions have ended. In small
/// steps, so that no other write waits long for one.
/// </summary>
internal sealed partial class ExecutionSweeper : IAsyncDisposable
{
    private const int StepMax = 100;
    private const int MachinesAtOnce = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>While machines wait for their executions to end.</summary>
    private static readonly TimeSpan PauseWhileDeleting = TimeSpan.FromSeconds(2);

    private readonly IStore store;
    private readonly TimeProvider time;
    private readonly ILogger<ExecutionSweeper> logger;
    private readonly WakeSignal wake;
    private readonly ConcurrentDictionary<StateMachineId, bool> deleting = [];
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public ExecutionSweeper(IStore store, TimeProvider time, ILogger<ExecutionSweeper> logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        wake = new WakeSignal(time);
    }

    public void Start() => loop = RunAsync();

    /// <summary>A machine is to be deleted.</summary>
    public void Wake(StateMachineId machine)
    {
        deleting[machine] = true;
        wake.Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    /// <summary>Removes what there is, step by step.</summary>
    /// <returns>Whether a machine still waits for an execution.</returns>
    public async Task<bool> SweepAsync(CancellationToken cancellation)
    {
        while (await ForgetOldAsync(cancellation) == StepMax)
        {
        }

        foreach (var account in store.Read(transaction => transaction.Accounts.List()))
        {
            var after = "";
            while (store.Read(transaction => transaction.StateMachines.List(account.Id, after, MachinesAtOnce))
                is { Count: > 0 } page)
            {
                foreach (var machine in page.Where(candidate => candidate.IsDeleting))
                {
                    deleting[machine.Id] = true;
                }

                after = page[^1].Id.Name;
            }
        }

        return await FinishAsync(cancellation);
    }

    /// <summary>Deletes the machines that wait and have nothing running any more.</summary>
    /// <returns>Whether a machine still waits.</returns>
    private async Task<bool> FinishAsync(CancellationToken cancellation)
    {
        foreach (var machine in deleting.Keys)
        {
            if (await DeleteAsync(machine, cancellation))
            {
                deleting.TryRemove(machine, out _);
            }
        }

        return !deleting.IsEmpty;
    }

    private async Task RunAsync()
    {
        try
        {
            var sweepAt = time.GetUtcNow();
            while (!stopping.IsCancellationRequested)
            {
                var isWaiting = !deleting.IsEmpty;
                try
                {
                    if (time.GetUtcNow() >= sweepAt)
                    {
                        isWaiting = await SweepAsync(stopping.Token);
                        sweepAt = time.GetUtcNow() + Pause;
                    }
                    else
                    {
                        isWaiting = await FinishAsync(stopping.Token);
                    }
                }
                catch (StoreException refused)
                {
                    // Whatever is left is found by the next round.
                    LogRefused(refused);
                }

                await wake.WaitAsync(isWaiting ? PauseWhileDeleting : Pause, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task<int> ForgetOldAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - Limits.ExecutionRetention;
        if (store.Read(transaction => transaction.Executions.StoppedBefore(before, 1)).Count == 0)
        {
            return 0;
        }

        var removed = await store.WriteAsync<int>(
            transaction =>
            {
                var old = transaction.Executions.StoppedBefore(before, StepMax);
                foreach (var record in old)
                {
                    transaction.Executions.Delete(record);
                }

                return old.Count;
            },
            cancellation);
        return removed.Value;
    }

    /// <returns>Whether it is gone.</returns>
    private async Task<bool> DeleteAsync(StateMachineId id, CancellationToken cancellation)
    {
        var (isDeleting, running) = store.Read(transaction => (
            transaction.StateMachines.Get(id) is { IsDeleting: true },
            transaction.Executions.Count(id.Account, id.Name, ExecutionStatus.Running)));
        if (!isDeleting || running > 0)
        {
            return !isDeleting;
        }

        var left = StepMax;
        while (left == StepMax)
        {
            var removed = await store.WriteAsync<int>(
                transaction =>
                {
                    var ended = transaction.Executions.List(
                        id.Account, new ExecutionFilter(id.Name, null), StepMax);
                    foreach (var record in ended)
                    {
                        transaction.Executions.Delete(record);
                    }

                    if (ended.Count < StepMax)
                    {
                        transaction.StateMachines.Delete(id);
                        transaction.StateMachines.DeleteRevisions(id);
                    }

                    return ended.Count;
                },
                cancellation);
            left = removed.Value;
        }

        return true;
    }

    [LoggerMessage(2520, LogLevel.Warning, "Executions that are over could not be removed yet")]
    private partial void LogRefused(Exception exception);
}
