using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The runs of distributed Maps in an execution, the latest first.</summary>
internal static class ListMapRunsOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListMapRuns", "executionArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("executionArn", 1, WorkflowArns.LengthMax);
        if (StepFunctionsPage.Read(services, call, arn).Failed(out var page, out var wrong)
            || ExecutionRequests.Find(services, arn).Failed(out var record, out wrong))
        {
            return wrong;
        }

        var before = long.TryParse(page.After, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        var runs = services.Executions.MapRunsOf(record)
            .Where(run => run.Started.Sequence < before)
            .OrderByDescending(run => run.Started.Sequence)
            .Take(page.Size + 1)
            .ToList();
        return page.Answer(
            services,
            call,
            arn,
            "mapRuns",
            runs,
            run => MapRuns.Summary(run, services.Region),
            run => run.Started.Sequence.ToString(CultureInfo.InvariantCulture));
    }
}
