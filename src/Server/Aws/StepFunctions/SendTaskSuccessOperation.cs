using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>A worker's result.</summary>
internal static class SendTaskSuccessOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("SendTaskSuccess", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var token = TaskRequests.Token(call);
        var text = call.Input.RequiredText("output", 0, PayloadText.LengthMax);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        return PayloadText.Output(text).Failed(out var output, out var wrong)
            ? wrong
            : await TaskRequests.AnswerAsync(services.Executions.SucceedTaskAsync(token, call.Account, output));
    }
}
