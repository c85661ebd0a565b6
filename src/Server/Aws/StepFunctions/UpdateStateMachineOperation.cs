using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Changes what a state machine does; executions that run go on as they began.</summary>
internal static class UpdateStateMachineOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("UpdateStateMachine", "stateMachineArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var arn = MachineRequests.MachineArn(input);
        var definition = input.Text("definition", 1, Limits.DefinitionBytesMax);
        var role = input.Text("roleArn", 1, WorkflowArns.LengthMax);
        var publish = input.Flag("publish") ?? false;
        var description = input.Text("versionDescription", 0, MachineRequests.DescriptionLengthMax);
        var configured = MachineConfigurationReader.Read(input);
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.UnqualifiedMachine(arn, services.Region).Failed(out var id, out var wrong)
            || configured.Failed(out var configuration, out wrong))
        {
            return wrong;
        }

        if (definition is null && role is null && configuration == new MachineConfiguration(null, null, null))
        {
            return new Error(
                ErrorCode.MissingParameter,
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be "
                + "specified");
        }

        if ((MachineRequests.CheckRole(role) ?? MachineRequests.CheckVersion(publish, description)) is { } refused)
        {
            return refused;
        }

        var updated = await services.Machines.UpdateAsync(
            id,
            new UpdateStateMachine
            {
                Definition = definition,
                RoleArn = role,
                Configuration = configuration,
                Publish = publish,
                VersionDescription = description,
            },
            call.Aborted);
        return updated.Select(change => new AnswerBuilder()
            .Add("updateDate", change.Machine.UpdatedAt)
            .Add("revisionId", change.Machine.Revision)
            .Add("stateMachineVersionArn", change.Version is { } version ? $"{arn}:{version.Number}" : null)
            .Build());
    }
}
