using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>A worker is alive: its task's heartbeat begins anew.</summary>
internal static class SendTaskHeartbeatOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("SendTaskHeartbeat", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var token = TaskRequests.Token(call);
        return call.Input.Failure is { } invalid
            ? invalid
            : await TaskRequests.AnswerAsync(services.Executions.BeatAsync(token, call.Account));
    }
}
