using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Workflows;

/// <summary>What the store keeps of an execution beside its journal, and follows from it.</summary>
internal static class ExecutionFiles
{
    /// <summary>Whoever waits longer than this waits in the store.</summary>
    private static readonly TimeSpan InMemoryWaitMax = TimeSpan.FromSeconds(10);

    public static ExecutionIdentity IdentityOf(ExecutionRecord record, string region)
    {
        var machine = new StateMachineId(record.Id.Account, record.Id.Machine).Arn(region);
        return new ExecutionIdentity(record.Id, ArnOf(record, region), machine, record.RoleArn, record.Seed);
    }

    /// <summary>An express execution's ARN has another form, so that it is not taken for one that can be asked about.
    /// </summary>
    public static string ArnOf(ExecutionRecord record, string region) => record.Type == StateMachineType.Express
        ? $"arn:aws:states:{region}:{record.Id.Account}:express:{record.Id.Machine}:{record.Id.Name}"
        : record.Id.Arn(region);

    /// <summary>As the API names it.</summary>
    public static string StatusText(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "RUNNING",
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        _ => "ABORTED",
    };

    /// <summary>The record as the state says.</summary>
    public static ExecutionRecord With(ExecutionRecord record, Execution state) =>
        record.Status == state.Status && record.IsPaused == state.IsPaused && record.RedriveCount == state.RedriveCount
            ? record
            : record with
            {
                Status = state.Status,
                StoppedAt = state.StoppedAt,
                Error = state.Error,
                Cause = state.Cause,
                IsPaused = state.IsPaused,
                RedriveCount = state.RedriveCount,
                RedrivenAt = state.RedrivenAt,
            };

    /// <summary>Whether an execution stays in memory, and when it is looked at otherwise.</summary>
    public static (ExecutionActivity Activity, DateTimeOffset? WakeAt) StandingOf(
        Interpreter interpreter, DateTimeOffset now)
    {
        var state = interpreter.Execution;
        if (state.IsOver)
        {
            return (ExecutionActivity.Over, null);
        }

        var due = state.NextDueAt;
        var isNear = due is { } next && next - now < InMemoryWaitMax;
        return interpreter.IsRunnable || isNear || state.OpenTasks.Any(TaskStarter.IsDoneHere)
            ? (ExecutionActivity.Active, null)
            : (ExecutionActivity.Parked, due);
    }

    /// <summary>In the transaction that appends events: what else they mean.</summary>
    public static void Follow(
        ITransaction transaction,
        ExecutionRecord record,
        Execution state,
        IReadOnlyList<JournalEvent> events,
        DateTimeOffset now)
    {
        foreach (var task in NewActivityTasks(record.Id, state, events))
        {
            transaction.Activities.AddTask(task);
        }

        // Items that were read are kept until the execution succeeds: before, it may be taken up again.
        foreach (var read in events.Where(happened => happened.Type == JournalEventType.MapDataSucceeded))
        {
            if (MapSource.From(read.Output!) is { } source)
            {
                transaction.Objects.Pin(record.Id.Account, record.Key, source.Digest);
            }
        }

        if (state.Status == ExecutionStatus.Succeeded)
        {
            transaction.Objects.Unpin(record.Id.Account, record.Key);
        }

        if (state.IsOver && record.Parent is { } parent)
        {
            transaction.Executions.Wake(parent.Execution, now);
        }
    }

    /// <summary>The tasks that now wait for a worker. The name of an activity is the end of its ARN.</summary>
    public static IEnumerable<ActivityTask> NewActivityTasks(
        ExecutionId execution, Execution state, IReadOnlyList<JournalEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened.Type == JournalEventType.ActivityScheduled
                && state.OpenTasks.FirstOrDefault(open => open.Number == happened.Sequence) is
                    { IsStarted: false } task)
            {
                var arn = task.Resource.Arn;
                yield return new ActivityTask(
                    arn[(arn.LastIndexOf(':') + 1)..], execution, task.Number, happened.At);
            }
        }
    }
}
