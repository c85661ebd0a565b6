using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>
/// Runs of distributed Maps. A run is a part of its execution's journal, so its ARN says which part: the last piece is
/// the execution's name and the number of the event that began the run.
/// </summary>
internal static class MapRuns
{
    public static string ArnOf(ExecutionRecord record, JournalEvent started, string region) =>
        $"arn:aws:states:{region}:{record.Id.Account}:mapRun:{record.Id.Machine}/{started.Name}:"
        + string.Create(CultureInfo.InvariantCulture, $"{record.Id.Name}.{started.Sequence}");

    /// <summary>The run that an ARN names.</summary>
    public static Result<MapRun> Find(StepFunctionsServices services, StepFunctionsCall call, string arn)
    {
        if (WorkflowArns.Parts(arn, services.Region, "mapRun").Failed(out var parts, out var wrong))
        {
            return wrong;
        }

        if (parts.Length != 8 || parts[6].IndexOf('/') is not (> 0 and var slash)
            || parts[7].LastIndexOf('.') is not (> 0 and var dot)
            || !long.TryParse(parts[7].AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !AccountId.TryParse(parts[4], out var account))
        {
            return MachineErrors.InvalidArn(arn);
        }

        if (account != call.Account)
        {
            return MachineErrors.ResourceNotFound(arn);
        }

        var id = new ExecutionId(account, parts[6][..slash], parts[7][..dot]);
        return services.Executions.Find(id) is { } record
            && services.Executions.MapRunsOf(record).FirstOrDefault(run => run.Started.Sequence == number) is { } found
            && ArnOf(record, found.Started, services.Region) == arn
                ? found
                : MachineErrors.ResourceNotFound(arn);
    }

    public static DataObject Summary(MapRun run, string region) => new AnswerBuilder()
        .Add("executionArn", run.Record.Id.Arn(region))
        .Add("mapRunArn", ArnOf(run.Record, run.Started, region))
        .Add("stateMachineArn", $"{ExecutionShapes.MachineArn(run.Record, region)}/{run.Started.Name}")
        .Add("startDate", run.Started.At)
        .Add("stopDate", run.StoppedAt)
        .Build();

    public static DataObject Describe(MapRun run, string region)
    {
        var counts = new DataObject(
            ("pending", run.Pending),
            ("running", run.Running),
            ("succeeded", run.Succeeded),
            ("failed", run.Failed),
            ("timedOut", 0),
            ("aborted", run.Aborted),
            ("total", run.Total),
            ("resultsWritten", run.ResultsWritten),
            ("failuresNotRedrivable", 0),
            ("pendingRedrive", 0));
        return new AnswerBuilder()
            .Add("mapRunArn", ArnOf(run.Record, run.Started, region))
            .Add("executionArn", run.Record.Id.Arn(region))
            .Add("status", ExecutionFiles.StatusText(run.Status))
            .Add("startDate", run.Started.At)
            .Add("stopDate", run.StoppedAt)
            .Add("maxConcurrency", run.ConcurrencyMax)
            .Add("toleratedFailurePercentage", (DataValue)0)
            .Add("toleratedFailureCount", run.ToleratedFailures)
            .Add("itemCounts", counts)
            .Add("executionCounts", counts)
            .Add("redriveCount", run.RedriveCount)
            .Add("redriveDate", run.RedrivenAt)
            .Build();
    }
}
