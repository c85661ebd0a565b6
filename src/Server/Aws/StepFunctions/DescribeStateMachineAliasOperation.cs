using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Where an alias leads.</summary>
internal static class DescribeStateMachineAliasOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DescribeStateMachineAlias", "stateMachineAliasArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("stateMachineAliasArn", 1, WorkflowArns.LengthMax);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.Alias(arn, services.Region).Failed(out var named, out var wrong))
        {
            return wrong;
        }

        return services.Machines.Find(named.Id)?.Aliases.GetValueOrDefault(named.Name) is { } alias
            ? MachineShapes.DescribeAlias(alias, named.Id.Arn(services.Region))
            : MachineErrors.ResourceNotFound(arn);
    }
}
