using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Forgets an activity; one that is not there is gone already.</summary>
internal static class DeleteActivityOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DeleteActivity", "activityArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        if (ActivityRequests.Named(services, call).Failed(out var named, out var wrong))
        {
            return wrong;
        }

        var deleted = await services.Activities.DeleteAsync(named.Account, named.Name, call.Aborted);
        return deleted.Select(_ => DataObject.Empty);
    }
}
