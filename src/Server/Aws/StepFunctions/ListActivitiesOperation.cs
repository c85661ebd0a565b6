using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The account's activities by name, page by page.</summary>
internal static class ListActivitiesOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListActivities", null, call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call) =>
        StepFunctionsPage.Read(services, call).Select(page => page.Answer(
            services,
            call,
            "",
            "activities",
            services.Activities.List(call.Account, page.After, page.Size + 1),
            activity => ActivityRequests.Shape(activity, services.Region).Build(),
            activity => activity.Name));
}
