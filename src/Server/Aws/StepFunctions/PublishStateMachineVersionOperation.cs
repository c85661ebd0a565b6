using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Gives the current revision a number.</summary>
internal static class PublishStateMachineVersionOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("PublishStateMachineVersion", "stateMachineArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = MachineRequests.MachineArn(call.Input);
        var revision = call.Input.Text("revisionId");
        var description = call.Input.Text("description", 0, MachineRequests.DescriptionLengthMax);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.UnqualifiedMachine(arn, services.Region).Failed(out var id, out var wrong))
        {
            return wrong;
        }

        var published = await services.Machines.PublishAsync(
            id, new PublishVersion(revision, description), call.Aborted);
        return published.Select(change => new AnswerBuilder()
            .Add("creationDate", change.Version!.CreatedAt)
            .Add("stateMachineVersionArn", $"{arn}:{change.Version.Number}")
            .Build());
    }
}
