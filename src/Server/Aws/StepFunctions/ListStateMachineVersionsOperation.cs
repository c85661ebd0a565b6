using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The versions of a state machine, the latest first.</summary>
internal static class ListStateMachineVersionsOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListStateMachineVersions", "stateMachineArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = MachineRequests.MachineArn(call.Input);
        if (StepFunctionsPage.Read(services, call, arn).Failed(out var page, out var wrong)
            || WorkflowArns.UnqualifiedMachine(arn, services.Region).Failed(out var id, out wrong))
        {
            return wrong;
        }

        var before = int.TryParse(page.After, out var number) ? number : int.MaxValue;
        var versions = (services.Machines.Find(id)?.Versions ?? [])
            .Where(version => version.Number < before)
            .OrderByDescending(version => version.Number)
            .Take(page.Size + 1)
            .ToList();
        return page.Answer(
            services,
            call,
            arn,
            "stateMachineVersions",
            versions,
            version => new AnswerBuilder()
                .Add("stateMachineVersionArn", $"{arn}:{version.Number}")
                .Add("creationDate", version.CreatedAt)
                .Build(),
            version => version.Number.ToString(CultureInfo.InvariantCulture));
    }
}
