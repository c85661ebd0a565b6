using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>How a run of a distributed Map stands.</summary>
internal static class DescribeMapRunOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DescribeMapRun", "mapRunArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("mapRunArn", 1, WorkflowArns.RunLengthMax);
        return call.Input.Failure is { } invalid
            ? invalid
            : MapRuns.Find(services, call, arn).Select(run => MapRuns.Describe(run, services.Region));
    }
}
