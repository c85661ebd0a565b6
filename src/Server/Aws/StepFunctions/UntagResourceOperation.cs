using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Removes tags of a state machine or an activity.</summary>
internal static class UntagResourceOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("UntagResource", "resourceArn", call => HandleAsync(services, call));

    private static Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        call.Input.Require("tagKeys");
        var keys = call.Input.Texts("tagKeys");
        return TaggedResource.ChangeAsync(
            services,
            call,
            (state, context) => UntagStateMachine.Apply(state, new UntagStateMachine(keys), context),
            (state, arn) => UntagActivity.Apply(state, new UntagActivity(keys), arn));
    }
}
