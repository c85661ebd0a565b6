namespace Lambent.Kernel.Functions;

/// <summary>The failures that several commands have in common, in AWS's words.</summary>
public static class FunctionErrors
{
    /// <param name="arn">The function's ARN without qualifier.</param>
    /// <param name="qualifier">The qualifier the caller named, or null.</param>
    public static Error NotFound(string arn, string? qualifier = null) => new(
        ErrorCode.FunctionNotFound, $"Function not found: {(qualifier is null ? arn : $"{arn}:{qualifier}")}");

    /// <param name="operation">Where the caller finds the right id, such as GetFunction/GetAlias.</param>
    public static Error WrongRevision(string operation = "GetFunction/GetAlias") => new(
        ErrorCode.PreconditionFailed,
        "The Revision Id provided does not match the latest Revision Id. "
        + $"Call the {operation} API to retrieve the latest Revision Id",
        "RevisionId");

    public static Error InvalidParameter(string message, string? field = null) =>
        new(ErrorCode.InvalidParameter, message, field);

    /// <summary>The function is in a state that allows neither calling nor publishing it.</summary>
    public static Error NotReady(FunctionState state) => new(
        ErrorCode.FunctionNotReady,
        "The operation cannot be performed at this time. "
        + $"The function is currently in the following state: {state}");

    /// <summary>
    /// Why $LATEST cannot be changed or published now, or null: it is being created or updated. A failed one can be,
    /// because that is how it is repaired.
    /// </summary>
    public static Error? Busy(FunctionVersion latest, string arn) => latest switch
    {
        { State: FunctionState.Pending } => NotReady(latest.State),
        { LastUpdateStatus: UpdateStatus.InProgress } => new Error(
            ErrorCode.UpdateInProgress,
            $"The operation cannot be performed at this time. An update is in progress for resource: {arn}"),
        _ => null,
    };
}
