using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Waits up to a minute for work. A token that is null says that there is none.</summary>
internal static class GetActivityTaskOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("GetActivityTask", "activityArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var worker = call.Input.Text("workerName", 1, WorkflowNames.LengthMax);
        if (ActivityRequests.Find(services, call).Failed(out var activity, out var wrong))
        {
            return wrong;
        }

        if (worker is not null && !WorkflowNames.IsValid(worker))
        {
            return MachineErrors.InvalidName(worker);
        }

        var given = await services.Activities.TakeTaskAsync(activity.Account, activity.Name, worker, call.Aborted);
        return given is null
            ? new DataObject(("taskToken", DataNull.Value))
            : new DataObject(("taskToken", given.Token), ("input", given.Input.ToString()));
    }
}
