using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Runs an express execution and answers with its end.</summary>
internal static class StartSyncExecutionOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("StartSyncExecution", "stateMachineArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var data = call.Input.OneOf("includedData", "ALL_DATA", "METADATA_ONLY");
        if (ExecutionRequests.Start(services, call).Failed(out var request, out var wrong))
        {
            return wrong;
        }

        var ended = await services.Executions.RunAsync(request, call.Aborted);
        return ended.Select(execution => ExecutionShapes.Ended(execution, services.Region, data != "METADATA_ONLY"));
    }
}
