using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Delivery;

namespace Lambent.Server.Workflows;

/// <summary>
/// <c>arn:aws:states:::lambent:…</c>, as far as the interpreter does not do it alone: an event for another execution,
/// and going on as a new one.
/// </summary>
internal sealed class OwnTasks(
    IStore store,
    ExecutionStarter starter,
    EventSender events,
    DeliveryLease lease,
    string region,
    TimeProvider time) : ITaskCaller
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private const int NamesTriedMax = 1_000;

    public string Service => OwnTask.Service;

    public Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task) =>
        task.Resource.Action == OwnTask.SendEvent
            ? SendAsync(runner, execution, task)
            : ContinueAsync(runner, execution, task);

    /// <summary>Asked again after a crash it sends the same event, which is known by its key.</summary>
    private async Task<TaskEnding?> SendAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var parameters = task.Parameters;
        var arn = ((DataText)parameters["ExecutionArn"]!).Value;
        if (ExecutionId.FromArn(arn, region) is not { } id || id.Account != execution.Record.Id.Account)
        {
            return TaskEnding.Failed("Lambent.InvalidParameter", $"Invalid Arn: '{arn}'");
        }

        var key = (parameters["Key"] as DataText)?.Value
            ?? string.Create(CultureInfo.InvariantCulture, $"{execution.Record.Key} {task.Number}");
        var name = ((DataText)parameters["Name"]!).Value;
        while (true)
        {
            var sent = await events.SendAsync(runner, id, name, parameters["Data"] ?? DataNull.Value, key);
            if (!sent.Failed(out var isNew, out var refused))
            {
                return TaskEnding.Of(new DataObject(("ExecutionArn", arn), ("Name", name), ("IsNew", isNew)));
            }

            if (refused.Code is ErrorCode.ExecutionNotFound or ErrorCode.WorkflowConflict
                or ErrorCode.WorkflowQuotaExceeded)
            {
                return TaskEnding.Failed($"Lambent.{refused.Code}", refused.Message);
            }

            if (refused.Code == ErrorCode.Draining)
            {
                // Whoever goes on with the execution does it.
                return null;
            }

            await Task.Delay(PauseAfterFailure, time);
        }
    }

    /// <summary>The next one begins in the write that ends this one. Who waits for this one waits for that one then.
    /// </summary>
    private async Task<TaskEnding?> ContinueAsync(
        ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var record = execution.Record;
        if (NextOf(record) is not { } lineage)
        {
            return TaskEnding.Failed("Lambent.NameTaken", "No name is free for the execution that would go on.");
        }

        var prepared = starter.Prepare(new StartRequest
        {
            Machine = new StateMachineId(record.Id.Account, record.Id.Machine),
            Qualifier = record.Qualifier,
            Name = NameOf(lineage),
            Input = task.Parameters["Input"] ?? DataObject.Empty,
            TraceHeader = ExecutionTrace.HeaderOfTask(record, task.Number),
            Parent = record.Parent,
            Lineage = lineage,
        });
        if (prepared.Failed(out var begun, out var refused))
        {
            return TaskEnding.Failed(TaskStarter.NameOf(refused), refused.Message);
        }

        // Nothing else happens to the execution while this is done; a write that is tried again finds it the same.
        PreparedExecution? whole = null;
        var done = await runner.AddAsync(execution.Handle, new StoredWork(
            task.Number,
            isSubmitted: false,
            transaction =>
            {
                whole ??= begun.TakeOver(execution.Interpreter);
                return whole.Write(transaction, lease, region).Then<DataValue>(written =>
                    written.Key == begun.Record.Key
                        ? new DataObject(
                            ("ExecutionArn", ExecutionFiles.ArnOf(written, region)), ("Name", written.Id.Name))
                        : WorkflowErrors.ExecutionExists(written.Id.Arn(region)));
            },
            () => runner.Adopt(begun.Execution)));
        if (!done.IsSuccess)
        {
            runner.LookLater(begun.Record.Id);
        }

        return null;
    }

    /// <summary>The first number for which nobody has taken the name.</summary>
    private ExecutionLineage? NextOf(ExecutionRecord record)
    {
        var (first, last) = record.Lineage is { } before ? (before.First, before.Number) : (record.Id.Name, 1);
        return store.Read(transaction => Enumerable.Range(last + 1, NamesTriedMax)
            .Select(number => new ExecutionLineage(first, record.Id.Name, number))
            .FirstOrDefault(lineage =>
                transaction.Executions.Get(record.Id with { Name = NameOf(lineage) }) is null));
    }

    private static string NameOf(ExecutionLineage lineage) =>
        string.Create(CultureInfo.InvariantCulture, $"{lineage.First}.{lineage.Number}");
}
