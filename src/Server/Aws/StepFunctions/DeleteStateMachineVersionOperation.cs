using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Forgets a version; one that is not there is gone already.</summary>
internal static class DeleteStateMachineVersionOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DeleteStateMachineVersion", "stateMachineVersionArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("stateMachineVersionArn", 1, WorkflowArns.RunLengthMax);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.Version(arn, services.Region).Failed(out var version, out var wrong))
        {
            return wrong;
        }

        var deleted = await services.Machines.DeleteVersionAsync(version.Id, version.Number, call.Aborted);
        return deleted.Select(_ => DataObject.Empty);
    }
}
