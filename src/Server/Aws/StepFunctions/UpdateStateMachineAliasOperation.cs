using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Changes where an alias leads.</summary>
internal static class UpdateStateMachineAliasOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("UpdateStateMachineAlias", "stateMachineAliasArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var arn = input.RequiredText("stateMachineAliasArn", 1, WorkflowArns.LengthMax);
        var description = input.Text("description", 0, MachineRequests.DescriptionLengthMax);
        if (MachineRequests.Routes(input, services.Region).Failed(out var routing, out var wrong)
            || WorkflowArns.Alias(arn, services.Region).Failed(out var alias, out wrong))
        {
            return wrong;
        }

        if (description is null && routing.Routes.IsEmpty)
        {
            return MachineErrors.Invalid(
                "Either the description or the routing configuration must be specified", "MISSING_REQUIRED_PARAMETER");
        }

        if (!routing.Routes.IsEmpty && routing.Machine != alias.Id)
        {
            return MachineErrors.Invalid(
                "Routing configuration must contain versions of the alias's state machine.",
                "INVALID_ROUTING_CONFIGURATION");
        }

        var command = new UpdateAlias(
            alias.Name, description, routing.Routes.IsEmpty ? default(ImmutableArray<AliasRoute>?) : routing.Routes);
        var updated = await services.Machines.ApplyAsync(
            alias.Id, (state, context) => UpdateAlias.Apply(state, command, context), call.Aborted);
        return updated.Select(machine => new AnswerBuilder()
            .Add("updateDate", machine.Aliases[alias.Name].UpdatedAt)
            .Build());
    }
}
