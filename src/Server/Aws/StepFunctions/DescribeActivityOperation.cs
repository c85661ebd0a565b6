using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What is known of an activity.</summary>
internal static class DescribeActivityOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DescribeActivity", "activityArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call) =>
        ActivityRequests.Find(services, call).Select(activity => ActivityRequests.Shape(activity, services.Region)
            .Add("encryptionConfiguration", ActivityRequests.Encryption(activity))
            .Build());
}
