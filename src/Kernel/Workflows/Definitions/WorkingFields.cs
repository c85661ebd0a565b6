using Lambent.Kernel.Workflows.Expressions.Templates;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>The fields that Task, Parallel and Map have alike.</summary>
internal static class WorkingFields
{
    public static WorkingState AddTo(WorkingState state, ExpressionFields expressions) => state with
    {
        ResultSelector = expressions.IsJsonata ? null : expressions.Template("ResultSelector"),
        ResultPath = expressions.ResultPath(),
        Retry = ErrorHandlingReader.ReadRetry(expressions.Fields),
        Catch = ErrorHandlingReader.ReadCatch(expressions),
        InputPath = expressions.StatePath("InputPath"),
        OutputPath = expressions.StatePath("OutputPath"),
        Output = expressions.Output(StatesFields.Result),
        Assign = expressions.Assign(StatesFields.Result),
    };
}
