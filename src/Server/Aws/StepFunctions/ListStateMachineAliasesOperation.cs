using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The aliases of a state machine, or those that lead to one of its versions.</summary>
internal static class ListStateMachineAliasesOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListStateMachineAliases", "stateMachineArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = MachineRequests.MachineArn(call.Input);
        if (StepFunctionsPage.Read(services, call, arn).Failed(out var page, out var wrong)
            || WorkflowArns.Machine(arn, services.Region).Failed(out var named, out wrong))
        {
            return wrong;
        }

        if (services.Machines.Find(named.Id) is not { } machine)
        {
            return MachineErrors.NotFound(arn);
        }

        var aliases = machine.Aliases.Values
            .Where(alias => string.CompareOrdinal(alias.Name, page.After) > 0
                && (named.Qualifier is null || alias.Routes.Any(route => $"{route.Version}" == named.Qualifier)))
            .Take(page.Size + 1)
            .ToList();
        return page.Answer(
            services,
            call,
            arn,
            "stateMachineAliases",
            aliases,
            alias => new AnswerBuilder()
                .Add("stateMachineAliasArn", $"{named.Id.Arn(services.Region)}:{alias.Name}")
                .Add("creationDate", alias.CreatedAt)
                .Build(),
            alias => alias.Name);
    }
}
