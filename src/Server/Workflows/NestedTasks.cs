using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Workflows;

/// <summary>
/// Tasks for which another execution was begun and is waited for. When such a task is over before that one has ended
/// (it timed out, or its execution ended or gave up the branch), nobody wants it any more, and it is stopped. So that
/// it is, whatever breaks, it is due in the write that ends the task; and an execution that is read from the store
/// asks whether it is still waited for.
/// </summary>
internal static class NestedTasks
{
    public const string Cause = "The task that waited for it is over.";

    public static IReadOnlyList<OpenTask> Of(Execution execution)
    {
        List<OpenTask>? found = null;
        foreach (var task in execution.OpenTasks)
        {
            if (task.IsSubmitted
                && task.Resource.Pattern is IntegrationPattern.Sync or IntegrationPattern.SyncAsJson)
            {
                (found ??= []).Add(task);
            }
        }

        return found ?? [];
    }

    /// <summary>Those that are over, and not because what they waited for has ended.</summary>
    public static IReadOnlyList<OpenTask> Abandoned(
        IReadOnlyList<OpenTask> before, IReadOnlyList<OpenTask> now, IReadOnlyList<JournalEvent> events) =>
        before.Count == 0 ? [] : [.. before.Where(task =>
            !now.Any(open => open.Number == task.Number)
            && !events.Any(happened => happened.Branch == task.Branch
                && happened.Type is JournalEventType.TaskSucceeded or JournalEventType.TaskFailed))];

    /// <summary>The execution that a task began, or null.</summary>
    public static ExecutionId? Begun(OpenTask task, string region) =>
        (task.Submitted?["ExecutionArn"] as DataText)?.Value is { } arn ? ExecutionId.FromArn(arn, region) : null;
}
