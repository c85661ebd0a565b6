using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Workflows;

/// <summary>A state to try.</summary>
internal sealed record StateTest
{
    public required AccountId Account { get; init; }

    /// <summary>The state first, and those it leads to.</summary>
    public required StateMachineDefinition Definition { get; init; }

    public required string RoleArn { get; init; }

    public required DataValue Input { get; init; }

    public required DataObject Variables { get; init; }

    /// <summary>What takes the place of the task's work, or null: it is done.</summary>
    public TaskEnding? Mock { get; init; }

    public int RetriesBefore { get; init; }
}

/// <summary>Runs one state with all that it calls, and keeps nothing of it.</summary>
internal sealed class StateTester(ExecutionRunner runner, Func<string> newId, string region, TimeProvider time)
{
    private const string MachineName = "TestState";

    /// <summary>What came of it, and what it sent and received when it was an HTTP task.</summary>
    public async Task<(StateTrialOutcome Outcome, HttpExchange Exchange)> RunAsync(
        StateTest test, CancellationToken cancellation)
    {
        var exchange = new HttpExchange();
        var now = time.GetUtcNow();
        var key = newId();
        var record = new ExecutionRecord
        {
            Id = new ExecutionId(test.Account, MachineName, key),
            Key = key,
            Revision = key,
            RoleArn = test.RoleArn,
            Seed = (ulong)Random.Shared.NextInt64(),
            InputDigest = "",
            StartedAt = now,
        };
        var trial = new StateTrial(
            ExecutionFiles.IdentityOf(record, region), test.Definition, test.Input, test.Variables, now);
        var interpreter = trial.Begin();
        if (test.Mock is { } mock)
        {
            Pretend(interpreter, mock, now);
            return (trial.Judge(interpreter.TakeEvents(), test.RetriesBefore), exchange);
        }

        var events = interpreter.TakeEvents();
        if (!interpreter.Execution.IsOver)
        {
            events = await FinishAsync(record, interpreter, events, exchange, cancellation);
        }

        return (trial.Judge(events, test.RetriesBefore), exchange);
    }

    private static void Pretend(Interpreter interpreter, TaskEnding mock, DateTimeOffset now)
    {
        foreach (var task in interpreter.Execution.OpenTasks.ToList())
        {
            if (mock.Error is { } error)
            {
                interpreter.Fail(task.Number, error, mock.Cause, now);
            }
            else
            {
                interpreter.Succeed(task.Number, mock.Result!, now);
            }
        }

        interpreter.Advance(now);
    }

    private async Task<IReadOnlyList<JournalEvent>> FinishAsync(
        ExecutionRecord record,
        Interpreter interpreter,
        IReadOnlyList<JournalEvent> begun,
        HttpExchange exchange,
        CancellationToken cancellation)
    {
        List<JournalEvent> events = [.. begun];
        var execution = new LoadedExecution(record, interpreter)
        {
            Activity = ExecutionActivity.Active, IsDurable = false, Observed = events, Exchange = exchange,
        };
        using var limit = new CancellationTokenSource(ExecutionService.SynchronousMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await runner.RunVolatileAsync(execution, either.Token);
        }
        catch (OperationCanceledException)
        {
            // Also when nobody waits for it any more: it would stay in memory for as long as it likes.
            await runner.SayAsync(
                execution.Handle, (late, now) => late.Stop(StateErrors.Timeout, null, now));
            cancellation.ThrowIfCancellationRequested();
        }

        return events;
    }
}
