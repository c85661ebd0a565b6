using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Makes an activity.</summary>
internal static class CreateActivityOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("CreateActivity", null, call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var name = call.Input.RequiredText("name", 1, WorkflowNames.LengthMax);
        var tags = call.Input.Tags();
        var configured = MachineConfigurationReader.Encryption(call.Input);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (!WorkflowNames.IsValid(name))
        {
            return MachineErrors.InvalidName(name);
        }

        if (configured.Failed(out var encryption, out var wrong))
        {
            return wrong;
        }

        var created = await services.Activities.CreateAsync(
            call.Account, new CreateActivity(name, encryption, tags), call.Aborted);
        return created.Select(activity => new AnswerBuilder()
            .Add("activityArn", activity.Arn(services.Region))
            .Add("creationDate", activity.CreatedAt)
            .Build());
    }
}
