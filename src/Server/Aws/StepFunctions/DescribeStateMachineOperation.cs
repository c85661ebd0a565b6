using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What a state machine or one of its versions does.</summary>
internal static class DescribeStateMachineOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DescribeStateMachine", "stateMachineArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = MachineRequests.MachineArn(call.Input);
        var data = call.Input.OneOf("includedData", "ALL_DATA", "METADATA_ONLY");
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        return WorkflowArns.Machine(arn, services.Region)
            .Then(named => services.Machines.Describe(named.Id, named.Qualifier))
            .Select(described => MachineShapes.Describe(described, services.Region, data != "METADATA_ONLY"));
    }
}
