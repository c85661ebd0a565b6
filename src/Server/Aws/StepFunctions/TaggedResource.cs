using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What can have tags: a state machine or an activity.</summary>
internal static class TaggedResource
{
    public static Result<ImmutableSortedDictionary<string, string>> Read(
        StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = Arn(call);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.KindOf(arn) == "activity")
        {
            return WorkflowArns.Activity(arn, services.Region)
                .Then<ImmutableSortedDictionary<string, string>>(named =>
                    services.Activities.Find(named.Account, named.Name) is { } activity
                        ? activity.Tags
                        : MachineErrors.ResourceNotFound(arn));
        }

        return WorkflowArns.UnqualifiedMachine(arn, services.Region)
            .Then<ImmutableSortedDictionary<string, string>>(id => services.Machines.Find(id) is { } machine
                ? machine.Tags
                : MachineErrors.ResourceNotFound(arn));
    }

    /// <summary>Changes the tags of what the request names.</summary>
    public static async Task<Result<DataObject>> ChangeAsync(
        StepFunctionsServices services,
        StepFunctionsCall call,
        Func<StateMachine?, MachineContext, Result<StateMachine>> ofMachine,
        Func<Activity?, string, Result<Activity>> ofActivity)
    {
        var arn = Arn(call);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.KindOf(arn) == "activity")
        {
            return WorkflowArns.Activity(arn, services.Region).Failed(out var named, out var wrongActivity)
                ? wrongActivity
                : (await services.Activities.ApplyAsync(named.Account, named.Name, ofActivity, call.Aborted))
                    .Select(_ => DataObject.Empty);
        }

        return WorkflowArns.UnqualifiedMachine(arn, services.Region).Failed(out var id, out var wrong)
            ? wrong
            : (await services.Machines.ApplyAsync(id, ofMachine, call.Aborted)).Select(_ => DataObject.Empty);
    }

    private static string Arn(StepFunctionsCall call) =>
        call.Input.RequiredText("resourceArn", 1, WorkflowArns.LengthMax);
}
