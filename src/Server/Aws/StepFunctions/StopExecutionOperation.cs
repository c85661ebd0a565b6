using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Ends an execution from outside; one that has ended stays as it is.</summary>
internal static class StopExecutionOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("StopExecution", "executionArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var error = call.Input.Text("error", 0, ExecutionRequests.ErrorLengthMax);
        var cause = call.Input.Text("cause", 0, Limits.WorkflowCauseLengthMax);
        if (ChildExecutions.IsNamed(call, out var child))
        {
            return call.Input.Failure is { } invalid
                ? invalid
                : await ChildExecutions.StopAsync(services, call, child, error, cause);
        }

        if (ExecutionRequests.Find(services, call).Failed(out var record, out var wrong))
        {
            return wrong;
        }

        var stopped = await services.Executions.StopAsync(record.Id, error, cause);
        return stopped.Select(_ => new AnswerBuilder()
            .Add("stopDate", services.Executions.Find(record.Id)?.StoppedAt ?? services.Time.GetUtcNow())
            .Build());
    }
}
