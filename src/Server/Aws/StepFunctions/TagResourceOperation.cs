using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Sets tags of a state machine or an activity.</summary>
internal static class TagResourceOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("TagResource", "resourceArn", call => HandleAsync(services, call));

    private static Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        call.Input.Require("tags");
        var tags = call.Input.Tags();
        return TaggedResource.ChangeAsync(
            services,
            call,
            (state, context) => TagStateMachine.Apply(state, new TagStateMachine(tags), context),
            (state, arn) => TagActivity.Apply(state, new TagActivity(tags), arn));
    }
}
