using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Gives one version a name, or two with a share each.</summary>
internal static class CreateStateMachineAliasOperation
{
    private const string Pattern = @"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$";

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("CreateStateMachineAlias", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var name = input.RequiredText("name", 1, WorkflowNames.LengthMax);
        var description = input.Text("description", 0, MachineRequests.DescriptionLengthMax);
        input.Require("routingConfiguration");
        if (name.Length > 0 && !WorkflowNames.IsAlias(name))
        {
            input.Violate("name", name, $"Member must satisfy regular expression pattern: {Pattern}");
        }

        if (MachineRequests.Routes(input, services.Region).Failed(out var routing, out var wrong))
        {
            return wrong;
        }

        var (id, routes) = routing;
        if (id.Account != call.Account)
        {
            return MachineErrors.ResourceNotFound($"{id.Arn(services.Region)}:{routes[0].Version}");
        }

        var created = await services.Machines.CreateAliasAsync(
            id, new CreateAlias(name, description, routes), call.Aborted);
        return created.Select(alias => new AnswerBuilder()
            .Add("stateMachineAliasArn", $"{id.Arn(services.Region)}:{alias.Name}")
            .Add("creationDate", alias.CreatedAt)
            .Build());
    }
}
