using Lambent.Kernel;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Server.Workflows;

/// <summary>Mistakes of callers, in AWS's words.</summary>
internal static class WorkflowErrors
{
    public static Error ExecutionNotFound(ExecutionId id, string region) => ExecutionNotFound(id.Arn(region));

    public static Error ExecutionNotFound(string arn) =>
        new(ErrorCode.ExecutionNotFound, $"Execution Does Not Exist: '{arn}'", "executionArn");

    public static Error MachineNotFound(string arn) =>
        new(ErrorCode.StateMachineNotFound, $"State Machine Does Not Exist: '{arn}'", "stateMachineArn");

    public static Error ExecutionExists(string arn) =>
        new(ErrorCode.ExecutionNameExists, $"Execution Already Exists: '{arn}'", "name");

    public static Error TaskGone { get; } =
        new(ErrorCode.TaskGone, "Task Timed Out: 'Provided task does not exist anymore'", "taskToken");

    public static Error TokenInvalid { get; } =
        new(ErrorCode.TaskTokenInvalid, "Invalid Token: 'Invalid token'", "taskToken");
}
