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
/// <c>arn:aws:states:::states:startExecution</c>: the other execution begins in the transaction that records it as
/// begun. With <c>.sync</c> the task ends when that one has ended.
/// </summary>
internal sealed class ExecutionTasks(
    IStore store, ExecutionStarter starter, DeliveryLease lease, Func<string> newId, string region) : ITaskCaller
{
    private const string Invalid = "StepFunctions.ValidationException";

    public string Service => "states";

    public async Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var parameters = task.Parameters;
        var arn = (parameters["StateMachineArn"] as DataText)?.Value ?? "";
        if (StateMachineId.FromArn(arn, region) is not { } machine || machine.Id.Account != execution.Record.Id.Account)
        {
            return TaskEnding.Failed(Invalid, $"Invalid Arn: '{arn}'");
        }

        // The input may be an object or, as in the API, its text.
        var input = parameters["Input"] ?? DataObject.Empty;
        if (input is DataText text)
        {
            if (DataReader.Read(text.Value).Value is not { } read)
            {
                return TaskEnding.Failed(
                    "StepFunctions.InvalidExecutionInputException", "The field 'Input' is not JSON.");
            }

            input = read;
        }

        var isWaited = task.Resource.Pattern is IntegrationPattern.Sync or IntegrationPattern.SyncAsJson;
        var prepared = starter.Prepare(new StartRequest
        {
            Machine = machine.Id,
            Qualifier = machine.Qualifier,
            Name = (parameters["Name"] as DataText)?.Value,
            Input = input,
            TraceHeader = ExecutionTrace.HeaderOfTask(execution.Record, task.Number),
            Parent = isWaited ? new ExecutionParent(execution.Record.Id, task.Number) : null,
        });
        if (prepared.Failed(out var begun, out var refused))
        {
            return TaskEnding.Failed("StepFunctions.StateMachineDoesNotExistException", refused.Message);
        }

        var isNew = false;
        var done = await runner.AddAsync(execution.Handle, new StoredWork(
            task.Number,
            task.Resource.Pattern != IntegrationPattern.RequestResponse,
            transaction =>
            {
                var written = begun.Write(transaction, lease, region);
                isNew = written is { IsSuccess: true } && written.Value.Key == begun.Record.Key;
                return written.Select<DataValue>(record => Answer(record));
            },
            () =>
            {
                if (isNew)
                {
                    runner.Adopt(begun.Execution);
                }
            }));
        if (!done.IsSuccess)
        {
            runner.LookLater(begun.Record.Id);
        }

        return null;
    }

    /// <summary>
    /// Of an execution that was just read from the store: what it waits for and has ended meanwhile. That it was due
    /// for this is forgotten in the write that follows, so it must be part of that write.
    /// </summary>
    public void Look(Interpreter interpreter, DateTimeOffset now)
    {
        foreach (var task in NestedTasks.Of(interpreter.Execution))
        {
            if (Latest(task) is { } record && record.Status != ExecutionStatus.Running)
            {
                End(interpreter, task, record, now);
            }
        }
    }

    /// <summary>Whether the task that waits for an execution is over. When it cannot be told, it is not.</summary>
    public async Task<bool> IsAbandonedAsync(ExecutionRunner runner, ExecutionParent parent)
    {
        if (store.Read(transaction => transaction.Executions.Get(parent.Execution)) is not
            { Status: ExecutionStatus.Running })
        {
            return true;
        }

        var isOpen = true;
        var asked = await runner.SayAsync(parent.Execution, (interpreter, _) =>
        {
            isOpen = interpreter.Execution.OpenTasks.Any(task => task.Number == parent.Task);
            return true;
        });
        return asked.IsSuccess && !isOpen;
    }

    /// <summary>Stops the execution that a task began, or the one that goes on in its place.</summary>
    public async Task StopAsync(ExecutionRunner runner, OpenTask task)
    {
        if (Latest(task) is { Status: ExecutionStatus.Running } record)
        {
            await runner.SayAsync(
                record.Id, (interpreter, now) => interpreter.Stop(null, NestedTasks.Cause, now));
        }
    }

    /// <summary>The execution that a task began, or the last that goes on in its place.</summary>
    private ExecutionRecord? Latest(OpenTask task) => NestedTasks.Begun(task, region) is not { } begun
        ? null
        : store.Read(transaction =>
        {
            var record = transaction.Executions.Get(begun);
            while (record?.ContinuedAs is { } next
                && transaction.Executions.Get(record.Id with { Name = next }) is { } following)
            {
                record = following;
            }

            return record;
        });

    /// <summary>Says to a task that the execution it waits for has ended.</summary>
    public async Task TellAsync(ExecutionRunner runner, ExecutionParent parent, ExecutionRecord ended)
    {
        await runner.SayAsync(parent.Execution, (interpreter, now) =>
        {
            var task = interpreter.Execution.OpenTasks.FirstOrDefault(open => open.Number == parent.Task);
            return task is not null && End(interpreter, task, ended, now);
        });
    }

    private bool End(Interpreter interpreter, OpenTask task, ExecutionRecord ended, DateTimeOffset now)
    {
        var described = Describe(ended, task.Resource.Pattern == IntegrationPattern.SyncAsJson);
        return ended.Status == ExecutionStatus.Succeeded
            ? interpreter.Succeed(task.Number, described, now)
            : interpreter.Fail(task.Number, StateErrors.TaskFailed, described.ToString(), now);
    }

    private DataObject Answer(ExecutionRecord record) => AwsAnswer.With(
        newId(),
        ("ExecutionArn", ExecutionFiles.ArnOf(record, region)),
        ("StartDate", record.StartedAt.ToUnixTimeMilliseconds()));

    /// <summary>What DescribeExecution says of it, with the names that integrations have.</summary>
    private DataObject Describe(ExecutionRecord record, bool asJson)
    {
        var (input, output) = store.Read(transaction => PayloadsOf(transaction, record));
        var members = new OrderedDictionary<string, DataValue>
        {
            ["ExecutionArn"] = ExecutionFiles.ArnOf(record, region),
            ["Input"] = asJson ? input : input.ToString(),
            ["InputDetails"] = new DataObject(("Included", true)),
            ["Name"] = record.Id.Name,
        };
        if (output is not null)
        {
            members["Output"] = asJson ? output : output.ToString();
            members["OutputDetails"] = new DataObject(("Included", true));
        }

        if (record.Error is { } error)
        {
            members["Error"] = error;
        }

        if (record.Cause is { } cause)
        {
            members["Cause"] = cause;
        }

        members["RedriveCount"] = record.RedriveCount;
        members["StartDate"] = record.StartedAt.ToUnixTimeMilliseconds();
        members["StateMachineArn"] = new StateMachineId(record.Id.Account, record.Id.Machine).Arn(region);
        members["Status"] = ExecutionFiles.StatusText(record.Status);
        members["StopDate"] = (record.StoppedAt ?? record.StartedAt).ToUnixTimeMilliseconds();
        return new DataObject(members);
    }

    /// <summary>The first event has the input, the last one the output.</summary>
    internal static (DataValue Input, DataValue? Output) PayloadsOf(ITransaction transaction, ExecutionRecord record)
    {
        var account = record.Id.Account;
        var first = transaction.Journal.ReadFrom(account, record.Key, 1, 1);
        var last = record.Status == ExecutionStatus.Running ? [] : transaction.Journal.ReadLast(account, record.Key, 1);
        return (
            first.Count > 0 ? first[0].Input! : DataNull.Value,
            record.Status == ExecutionStatus.Succeeded && last.Count > 0 ? last[^1].Output : null);
    }
}
