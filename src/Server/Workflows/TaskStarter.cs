using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Workflows;

/// <summary>How a task of an execution ended.</summary>
internal sealed record TaskEnding(DataValue? Result, string? Error, string? Cause)
{
    public static TaskEnding Of(DataValue result) => new(result, null, null);

    public static TaskEnding Failed(string error, string? cause) => new(null, error, cause);
}

/// <summary>Does tasks of one kind.</summary>
internal interface ITaskCaller
{
    /// <summary>The integration's service, as it stands in the resource.</summary>
    string Service { get; }

    /// <summary>
    /// Does the task, or begins it when its end comes from outside. It may be called again after a crash, with the same
    /// task. A task that is done within the store is handed to the runner as <see cref="StoredWork"/> and gives null.
    /// </summary>
    Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task);
}

/// <summary>Has tasks done, after they were written down, and says to the execution how they ended.</summary>
internal sealed partial class TaskStarter(
    IReadOnlyList<ITaskCaller> callers, Func<ExecutionTasks> nested, ILogger<TaskStarter> logger)
{
    private readonly Dictionary<string, ITaskCaller> callers =
        callers.ToDictionary(caller => caller.Service, StringComparer.Ordinal);

    /// <summary>Whether this process has something to do with it, so that it keeps the execution in memory.</summary>
    public static bool IsDoneHere(OpenTask task) =>
        task.Resource.Kind != TaskResourceKind.Activity && !task.IsSubmitted && !task.Resource.IsDoneByInterpreter();

    /// <summary>What a task fails with when the store refused it.</summary>
    public static string NameOf(Error error) => error.Code switch
    {
        ErrorCode.QueueNotFound => "SQS.QueueDoesNotExistException",
        ErrorCode.StateMachineNotFound => "StepFunctions.StateMachineDoesNotExistException",
        ErrorCode.ExecutionNameExists => "StepFunctions.ExecutionAlreadyExistsException",
        _ => StateErrors.TaskFailed,
    };

    public void Start(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        if (task.Resource.Kind != TaskResourceKind.Activity && !task.Resource.IsDoneByInterpreter())
        {
            _ = DoAsync(runner, execution, task);
        }
    }

    /// <summary>An execution ended that another one waits for.</summary>
    public void Tell(ExecutionRunner runner, ExecutionParent parent, LoadedExecution ended) =>
        _ = nested().TellAsync(runner, parent, ended.Record);

    /// <summary>Of an execution that was just read: what it waits for and has ended meanwhile.</summary>
    public void Look(Interpreter interpreter, DateTimeOffset now) => nested().Look(interpreter, now);

    /// <summary>Whether the task that an execution was begun for waits no more.</summary>
    public Task<bool> IsAbandonedAsync(ExecutionRunner runner, ExecutionParent parent) =>
        nested().IsAbandonedAsync(runner, parent);

    /// <summary>Stops the executions that were begun for tasks which are over.</summary>
    public void Stop(ExecutionRunner runner, IReadOnlyList<OpenTask> abandoned)
    {
        foreach (var task in abandoned)
        {
            _ = StopAsync(runner, task);
        }
    }

    private async Task StopAsync(ExecutionRunner runner, OpenTask task)
    {
        try
        {
            await nested().StopAsync(runner, task);
        }
        catch (Exception failure)
        {
            // It is due, and asks itself when it is looked at.
            LogFailed(failure, task.StateName, task.Resource.Arn);
        }
    }

    private async Task DoAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var id = execution.Handle;
        try
        {
            if (task.IsSubmitted)
            {
                return;
            }

            var ending = callers.TryGetValue(task.Resource.Service, out var caller)
                ? await caller.CallAsync(runner, execution, task)
                : TaskEnding.Failed(
                    StateErrors.Runtime, $"The service '{task.Resource.Service}' does not exist on this server.");
            if (ending is not null)
            {
                await SayAsync(runner, id, task, ending);
            }
        }
        catch (Exception failure)
        {
            LogFailed(failure, task.StateName, id.Name);
            await SayAsync(runner, id, task, TaskEnding.Failed(StateErrors.TaskFailed, failure.Message));
        }
    }

    private static async Task SayAsync(ExecutionRunner runner, ExecutionId id, OpenTask task, TaskEnding ending) =>
        await runner.SayAsync(id, (interpreter, now) => ending switch
        {
            { Error: { } error } => interpreter.FailToSubmit(task.Number, error, ending.Cause, now),
            { Result: { } result } when task.Resource.Pattern == IntegrationPattern.RequestResponse =>
                interpreter.Succeed(task.Number, result, now),
            { Result: { } answer } => interpreter.Submit(task.Number, answer, now),
            _ => false,
        });

    [LoggerMessage(2510, LogLevel.Error, "The task of state {State} of execution {Execution} could not be done")]
    private partial void LogFailed(Exception exception, string state, string execution);
}
