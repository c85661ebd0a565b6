using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Forgets an alias.</summary>
internal static class DeleteStateMachineAliasOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DeleteStateMachineAlias", "stateMachineAliasArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
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

        var deleted = await services.Machines.ApplyAsync(
            named.Id,
            (state, context) => DeleteAlias.Apply(state, new DeleteAlias(named.Name), context),
            call.Aborted);
        return deleted.Select(_ => DataObject.Empty);
    }
}
