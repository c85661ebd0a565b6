using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Makes a state machine.</summary>
internal static class CreateStateMachineOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("CreateStateMachine", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var name = input.RequiredText("name", 1, WorkflowNames.LengthMax);
        var definition = input.RequiredText("definition", 1, Limits.DefinitionBytesMax);
        var role = input.RequiredText("roleArn", 1, WorkflowArns.LengthMax);
        var type = input.OneOf("type", "STANDARD", "EXPRESS");
        var tags = input.Tags();
        var publish = input.Flag("publish") ?? false;
        var description = input.Text("versionDescription", 0, MachineRequests.DescriptionLengthMax);
        var configured = MachineConfigurationReader.Read(input);
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (!WorkflowNames.IsValid(name))
        {
            return MachineErrors.InvalidName(name);
        }

        if ((MachineRequests.CheckRole(role) ?? MachineRequests.CheckVersion(publish, description)) is { } refused)
        {
            return refused;
        }

        if (configured.Failed(out var configuration, out var wrong))
        {
            return wrong;
        }

        var id = new StateMachineId(call.Account, name);
        var created = await services.Machines.CreateAsync(
            id,
            new CreateStateMachine
            {
                Definition = definition,
                RoleArn = role,
                Type = type == "EXPRESS" ? StateMachineType.Express : StateMachineType.Standard,
                Configuration = configuration,
                Tags = tags,
                Publish = publish,
                VersionDescription = description,
            },
            call.Aborted);
        var arn = id.Arn(services.Region);
        return created.Select(change => new AnswerBuilder()
            .Add("stateMachineArn", arn)
            .Add("creationDate", change.Machine.CreatedAt)
            .Add("stateMachineVersionArn", change.Version is { } version ? $"{arn}:{version.Number}" : null)
            .Build());
    }
}
