using Lambent.Kernel;
using Lambent.Server.Delivery;

namespace Lambent.Server.Workflows;

/// <summary>The one loop that knows when something is due: of what is in memory, and of what is in the store.</summary>
internal sealed partial class ExecutionRunner
{
    /// <summary>So many parked executions are taken up at a time.</summary>
    private const int DueAtOnceMax = 1_000;

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    FireTimers();
                    if (!await TakeDueAsync())
                    {
                        await SleepAsync();
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    LogLoopFailed(failure);
                    await Task.Delay(PauseAfterFailure, time, stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is due is found by the next start.
        }
    }

    private void FireTimers()
    {
        var now = time.GetUtcNow();
        List<LoadedExecution> due = [];
        lock (timerGate)
        {
            while (timers.TryPeek(out var execution, out var at) && at <= now)
            {
                timers.Dequeue();
                if (execution.TimerAt == at)
                {
                    execution.TimerAt = null;
                    due.Add(execution);
                }
            }
        }

        due.ForEach(Look);
    }

    private async Task<bool> TakeDueAsync()
    {
        var now = time.GetUtcNow();
        var room = Math.Min(DueAtOnceMax, LoadedMax - loaded.Count);
        if (room <= 0)
        {
            return false;
        }

        var due = store.Read(transaction => transaction.Executions.Due(now, room));
        List<Task<Result<bool>>> taken = [];
        foreach (var record in due)
        {
            // An answer comes when it was looked at and written, so that it is not found due again.
            taken.Add(SayAsync(record.Id, (_, _) => true));
        }

        var answers = await Task.WhenAll(taken);
        if (answers.Any(answer => !answer.IsSuccess))
        {
            // They are still due, and would be found again at once.
            await Task.Delay(PauseAfterFailure, time, stopping.Token);
        }

        return due.Count > 0;
    }

    private async Task SleepAsync()
    {
        var now = time.GetUtcNow();
        // Without room nothing is taken up; who leaves the memory wakes the loop.
        var next = IsCrowded ? null : store.Read(transaction => transaction.Executions.NextDue());
        lock (timerGate)
        {
            if (timers.TryPeek(out _, out var timer) && (next is null || timer < next))
            {
                next = timer;
            }
        }

        var most = lease.SharesStore ? EventProbe.Period : SleepMax;
        var delay = next is { } due && due - now < most ? due - now : most;
        if (delay > TimeSpan.Zero)
        {
            await signal.WaitAsync(delay, stopping.Token);
        }
    }

    private void SetTimer(LoadedExecution execution)
    {
        if (execution.Interpreter.Execution.NextDueAt is not { } next)
        {
            return;
        }

        // What is due in days is looked at again in a minute: until then the timer holds on to an execution that may
        // have ended.
        var latest = time.GetUtcNow() + SleepMax;
        var due = next < latest ? next : latest;
        bool isEarliest;
        lock (timerGate)
        {
            if (execution.TimerAt is { } set && set <= due)
            {
                return;
            }

            execution.TimerAt = due;
            timers.Enqueue(execution, due);
            isEarliest = timers.TryPeek(out var first, out _) && ReferenceEquals(first, execution);
        }

        if (isEarliest)
        {
            signal.Wake();
        }
    }
}
