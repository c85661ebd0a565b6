using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Deletes a state machine once its executions have ended; one that is not there is gone already.</summary>
internal static class DeleteStateMachineOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DeleteStateMachine", "stateMachineArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = MachineRequests.MachineArn(call.Input);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.UnqualifiedMachine(arn, services.Region).Failed(out var id, out var wrong))
        {
            return wrong;
        }

        return (await services.Machines.DeleteAsync(id, call.Aborted)).Select(_ => DataObject.Empty);
    }
}
