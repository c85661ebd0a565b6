namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>The failures of expressions, named as the States Language does, with causes as long as AWS's.</summary>
internal static class ExpressionFailures
{
    public static EvaluationFailure Runtime(string cause) => Failure("States.Runtime", cause);

    public static EvaluationFailure Intrinsic(string cause) => Failure("States.IntrinsicFailure", cause);

    public static EvaluationFailure ResultPath(string cause) => Failure("States.ResultPathMatchFailure", cause);

    public static EvaluationFailure ReferencePath(string cause) => Failure("States.ReferencePathConflict", cause);

    public static EvaluationFailure TooLarge(string what) => Failure(
        "States.DataLimitExceeded",
        $"{what} has a size exceeding the maximum number of bytes service limit.");

    /// <param name="cause">What went wrong.</param>
    /// <param name="location">The field and the place in it, such as <c>Output/id</c>.</param>
    public static EvaluationFailure Query(string cause, string location) =>
        Failure("States.QueryEvaluationError", cause) with { Location = location };

    private static EvaluationFailure Failure(string error, string cause) =>
        new(error, cause.Length > Limits.WorkflowCauseLengthMax ? cause[..Limits.WorkflowCauseLengthMax] : cause);
}
