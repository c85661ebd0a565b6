using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What several operations on activities read and show.</summary>
internal static class ActivityRequests
{
    public static Result<(AccountId Account, string Name)> Named(
        StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("activityArn", 1, WorkflowArns.LengthMax);
        return call.Input.Failure is { } invalid ? invalid : WorkflowArns.Activity(arn, services.Region);
    }

    public static Result<Activity> Find(StepFunctionsServices services, StepFunctionsCall call) =>
        Named(services, call).Then<Activity>(named => services.Activities.Find(named.Account, named.Name) is { } found
            ? found
            : MachineErrors.ActivityNotFound(services.Activities.ArnOf(named.Account, named.Name)));

    public static AnswerBuilder Shape(Activity activity, string region) => new AnswerBuilder()
        .Add("activityArn", activity.Arn(region))
        .Add("name", activity.Name)
        .Add("creationDate", activity.CreatedAt);

    public static DataValue Encryption(Activity activity) =>
        (activity.Encryption is { } json ? DataReader.Read(json).Value : null)
        ?? new DataObject(("type", "AWS_OWNED_KEY"));
}
