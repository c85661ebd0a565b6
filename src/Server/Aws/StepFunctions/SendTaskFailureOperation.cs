using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>A worker's failure.</summary>
internal static class SendTaskFailureOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("SendTaskFailure", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var token = TaskRequests.Token(call);
        var error = call.Input.Text("error", 0, ExecutionRequests.ErrorLengthMax);
        var cause = call.Input.Text("cause", 0, Limits.WorkflowCauseLengthMax);
        return call.Input.Failure is { } invalid
            ? invalid
            : await TaskRequests.AnswerAsync(services.Executions.FailTaskAsync(token, call.Account, error, cause));
    }
}
