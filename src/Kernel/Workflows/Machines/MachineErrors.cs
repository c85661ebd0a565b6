namespace Lambent.Kernel.Workflows.Machines;

/// <summary>What can be wrong with state machines and activities, in AWS's words.</summary>
public static class MachineErrors
{
    public static Error NotFound(string arn) =>
        new(ErrorCode.StateMachineNotFound, $"State Machine Does Not Exist: '{arn}'", "stateMachineArn");

    public static Error AlreadyExists(string arn) =>
        new(ErrorCode.StateMachineNameExists, $"State Machine Already Exists: '{arn}'", "name");

    public static Error Deleting(string arn) =>
        new(ErrorCode.StateMachineDeleting, $"State Machine Is Deleting: '{arn}'", "stateMachineArn");

    public static Error InvalidName(string name) =>
        new(ErrorCode.WorkflowNameInvalid, $"Invalid Name: '{name}'", "name");

    public static Error InvalidArn(string what) => new(ErrorCode.WorkflowArnInvalid, $"Invalid Arn: '{what}'");

    public static Error ResourceNotFound(string arn) =>
        new(ErrorCode.ResourceNotFound, $"Resource not found: '{arn}'", Reason: arn);

    public static Error Conflict(string message) => new(ErrorCode.WorkflowConflict, message);

    /// <param name="message">What is wrong.</param>
    /// <param name="reason">The API's own word for it, or null.</param>
    public static Error Invalid(string message, string? reason = null) =>
        new(ErrorCode.InvalidParameter, message, Reason: reason);

    /// <param name="exception">What the API calls the failure: one name for each part that can be configured.</param>
    /// <param name="message">What is wrong.</param>
    public static Error Configuration(string exception, string message) =>
        new(ErrorCode.WorkflowConfigurationInvalid, message, Reason: exception);

    /// <param name="exception">What the API calls the failure: one name for each quota.</param>
    /// <param name="message">Which quota.</param>
    public static Error Quota(string exception, string message) =>
        new(ErrorCode.WorkflowQuotaExceeded, message, Reason: exception);

    public static Error ActivityNotFound(string arn) =>
        new(ErrorCode.ActivityNotFound, $"Activity Does Not Exist: '{arn}'", "activityArn");
}
