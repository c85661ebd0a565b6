using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Begins an execution; when it is answered it is on stable storage.</summary>
internal static class StartExecutionOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("StartExecution", "stateMachineArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        if (ExecutionRequests.Start(services, call).Failed(out var request, out var wrong))
        {
            return wrong;
        }

        var started = await services.Executions.StartAsync(request, call.Aborted);
        return started.Select(record => new AnswerBuilder()
            .Add("executionArn", ExecutionFiles.ArnOf(record, services.Region))
            .Add("startDate", record.StartedAt)
            .Build());
    }
}
