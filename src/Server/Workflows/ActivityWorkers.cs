using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Loops;

namespace Lambent.Server.Workflows;

/// <summary>Work that was given to a worker.</summary>
internal sealed record GivenTask(string Token, DataValue Input);

/// <summary>Hands tasks of activities to the workers that ask for them, the oldest first.</summary>
internal sealed class ActivityWorkers(IStore store, Func<ExecutionRunner> runner, TimeProvider time)
{
    /// <summary>GetActivityTask waits no longer (AWS).</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    private const int TasksAtOnce = 20;

    private readonly ConcurrentDictionary<(AccountId Account, string Activity), WakeSignal> signals = [];

    /// <summary>There may be a task.</summary>
    public void Announce(AccountId account, string activity)
    {
        if (signals.TryGetValue((account, activity), out var signal))
        {
            signal.Wake();
        }
    }

    /// <summary>Tells workers of tasks that were just written.</summary>
    public void Announce(IReadOnlyList<JournalEvent> events, LoadedExecution execution)
    {
        var id = execution.Record.Id;
        foreach (var task in ExecutionFiles.NewActivityTasks(id, execution.Interpreter.Execution, events))
        {
            Announce(id.Account, task.Activity);
        }
    }

    /// <summary>Waits for a task and takes it; null when none came in time.</summary>
    public async Task<GivenTask?> TakeAsync(
        AccountId account, string activity, string? worker, CancellationToken cancellation)
    {
        var signal = signals.GetOrAdd((account, activity), _ => new WakeSignal(time));
        var until = time.GetUtcNow() + WaitMax;
        while (!cancellation.IsCancellationRequested)
        {
            if (await TryTakeAsync(account, activity, worker) is { } given)
            {
                // Another worker may wait for the next one.
                signal.Wake();
                return given;
            }

            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await signal.WaitAsync(left, cancellation);
        }

        return null;
    }

    private async Task<GivenTask?> TryTakeAsync(AccountId account, string activity, string? worker)
    {
        while (true)
        {
            var waiting = store.Read(transaction => transaction.Activities.Tasks(account, activity, TasksAtOnce));
            foreach (var task in waiting)
            {
                GivenTask? given = null;
                var said = await runner().SayAsync(task.Execution, (interpreter, now) =>
                {
                    var open = interpreter.Execution.OpenTasks.FirstOrDefault(candidate =>
                        candidate.Number == task.Number);
                    given = open is null ? null : new GivenTask(open.Token!, open.Parameters);
                    return interpreter.StartActivity(task.Number, worker, now);
                });

                if (said.Error is { Code: not ErrorCode.ExecutionNotFound })
                {
                    // The store could not be written: the task still waits for whoever asks next.
                    return null;
                }

                // Taken, or gone: it timed out, or its execution ended.
                await store.WriteAsync<Done>(transaction =>
                {
                    transaction.Activities.DeleteTask(task);
                    return Done.Value;
                });
                if (said is { IsSuccess: true, Value: true } && given is not null)
                {
                    return given;
                }
            }

            if (waiting.Count < TasksAtOnce)
            {
                return null;
            }
        }
    }
}
