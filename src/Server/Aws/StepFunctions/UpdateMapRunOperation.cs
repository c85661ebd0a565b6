using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Changes how many iterations of a run go on at a time and how many may fail, while it runs.</summary>
internal static class UpdateMapRunOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("UpdateMapRun", "mapRunArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var arn = input.RequiredText("mapRunArn", 1, WorkflowArns.RunLengthMax);
        var concurrency = input.Integer("maxConcurrency", 0);
        var count = input.Integer("toleratedFailureCount", 0);
        var percentage = input.Number("toleratedFailurePercentage", 0, 100);
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (concurrency is null && count is null && percentage is null)
        {
            return MachineErrors.Invalid(
                "At least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage must be "
                + "specified",
                "MISSING_REQUIRED_PARAMETER");
        }

        if (MapRuns.Find(services, call, arn).Failed(out var run, out var wrong))
        {
            return wrong;
        }

        // Either one is enough to fail the run, so the smaller one counts.
        var ofPercentage = percentage is { } share ? (long)(run.Total * share / 100) : default(long?);
        var tolerated = count is null || ofPercentage < count ? ofPercentage ?? count : count;
        var changed = run.Status == ExecutionStatus.Running
            ? await services.Executions.ChangeMapRunAsync(run, (int?)concurrency, (int?)tolerated)
            : false;
        if (changed.Error is { } refused)
        {
            return refused;
        }

        return changed.Value
            ? DataObject.Empty
            : MachineErrors.Invalid(
                "The Map Run has completed and cannot be updated", "CANNOT_UPDATE_COMPLETED_MAP_RUN");
    }
}
