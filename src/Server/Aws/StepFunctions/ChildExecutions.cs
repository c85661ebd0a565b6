using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Views;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>
/// Iterations of distributed Maps as executions of their own. Their events are in the journal of the execution that
/// they are part of, so the ARN says where: <c>…:execution:MACHINE/LABEL:NAME.RUN.INDEX</c>, with the name of that
/// execution, the number of the event that began the run, and the item's place.
/// </summary>
internal static class ChildExecutions
{
    /// <summary>Whether a request names one: its machine is followed by a label.</summary>
    public static bool IsNamed(StepFunctionsCall call, [NotNullWhen(true)] out string? arn)
    {
        arn = call.Input.Text("executionArn", 0);
        return arn?.Length <= WorkflowArns.RunLengthMax
            && arn.Split(':') is { Length: 8 } parts && parts[5] is "execution" or "express" && parts[6].Contains('/');
    }

    /// <summary>What it runs on: its execution's machine, or the Map's part of it.</summary>
    public static string MachineArn(ExecutionRecord record, ChildExecution? child, string region) =>
        ExecutionShapes.MachineArn(record, region) + (child is null ? "" : $"/{child.Label}");

    public static string RunArn(ExecutionRecord record, ChildExecution child, string region) =>
        $"arn:aws:states:{region}:{record.Id.Account}:mapRun:{record.Id.Machine}/{child.Label}:"
        + string.Create(CultureInfo.InvariantCulture, $"{record.Id.Name}.{child.Run}");

    /// <summary>The iteration that an ARN names, with its history.</summary>
    public static Result<(ExecutionRecord Record, ChildExecution Child)> Find(
        StepFunctionsServices services, StepFunctionsCall call, string arn)
    {
        var parts = arn.Split(':');
        if (parts[6].IndexOf('/') is not (> 0 and var slash)
            || parts[7].LastIndexOf('.') is not (> 0 and var last)
            || parts[7].LastIndexOf('.', last - 1) is not (> 0 and var dot)
            || !long.TryParse(parts[7].AsSpan(dot + 1, last - dot - 1), NumberStyles.None, null, out var run)
            || !int.TryParse(parts[7].AsSpan(last + 1), NumberStyles.None, null, out var index)
            || !AccountId.TryParse(parts[4], out var account) || account != call.Account)
        {
            return WorkflowErrors.ExecutionNotFound(arn);
        }

        var id = new ExecutionId(account, parts[6][..slash], parts[7][..dot]);
        return services.Executions.Find(id) is { } record
            && services.Executions.ChildrenOf(record, (run, index))
                .FirstOrDefault(child => child.Run == run && child.Index == index) is { } found
            && found.Arn(record.Id, services.Region) == arn
                ? (record, found)
                : WorkflowErrors.ExecutionNotFound(arn);
    }

    /// <summary>A page of those of one run, the latest first.</summary>
    public static Result<DataObject> List(
        StepFunctionsServices services,
        StepFunctionsCall call,
        string run,
        StepFunctionsPage page,
        Func<ChildExecution, bool> isWanted)
    {
        if (MapRuns.Find(services, call, run).Failed(out var found, out var wrong))
        {
            return wrong;
        }

        var before = long.TryParse(page.After, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        var children = services.Executions.ChildrenOf(found.Record)
            .Where(child => child.Run == found.Started.Sequence && child.Number < before && isWanted(child))
            .OrderByDescending(child => child.Number)
            .Take(page.Size + 1)
            .ToList();
        return page.Answer(
            services,
            call,
            run,
            "executions",
            children,
            child => Start(found.Record, child, services.Region)
                .Add("itemCount", child.ItemCount)
                .Add("redriveCount", child.RedriveCount)
                .Add("redriveDate", child.RedrivenAt)
                .Build(),
            child => child.Number.ToString(CultureInfo.InvariantCulture));
    }

    public static Result<DataObject> Describe(
        StepFunctionsServices services, StepFunctionsCall call, string arn, bool withData)
    {
        if (Find(services, call, arn).Failed(out var found, out var wrong))
        {
            return wrong;
        }

        var (record, child) = found;
        var included = new DataObject(("included", withData));
        var isRedrivable = child.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted && child.IsStandard;
        return Start(record, child, services.Region)
            .Add("input", withData ? child.Input.ToString() : null)
            .Add("inputDetails", included)
            .Add("output", withData ? child.Output?.ToString() : null)
            .Add("outputDetails", child.Output is null ? null : included)
            .Add("error", child.Error)
            .Add("cause", child.Cause)
            .Add("redriveCount", child.RedriveCount)
            .Add("redriveDate", child.RedrivenAt)
            .Add("redriveStatus", isRedrivable ? "REDRIVABLE_BY_MAP_RUN" : "NOT_REDRIVABLE")
            .Add("redriveStatusReason", isRedrivable
                ? null
                : $"Execution is {ExecutionFiles.StatusText(child.Status)} and cannot be redriven")
            .Build();
    }

    /// <summary>Ends one; one that has ended stays as it is.</summary>
    public static async Task<Result<DataObject>> StopAsync(
        StepFunctionsServices services, StepFunctionsCall call, string arn, string? error, string? cause)
    {
        if (FindStandard(services, call, arn).Failed(out var found, out var wrong))
        {
            return wrong;
        }

        var (record, child) = found;
        var stopped = await services.Executions.StopChildAsync(record.Id, child.Branch, error, cause);
        return stopped.Select(_ => new AnswerBuilder()
            .Add("stopDate", services.Executions.ChildrenOf(record)
                .FirstOrDefault(one => one.Number == child.Number)?.StoppedAt ?? services.Time.GetUtcNow())
            .Build());
    }

    /// <summary>One whose history can be asked for and which can be stopped: AWS has neither for EXPRESS.</summary>
    public static Result<(ExecutionRecord Record, ChildExecution Child)> FindStandard(
        StepFunctionsServices services, StepFunctionsCall call, string arn) =>
        Find(services, call, arn).Then<(ExecutionRecord, ChildExecution)>(found => found.Child.IsStandard
            ? found
            : new Error(
                ErrorCode.StateMachineTypeUnsupported,
                "This operation is not supported by this type of state machine"));

    private static AnswerBuilder Start(ExecutionRecord record, ChildExecution child, string region) =>
        new AnswerBuilder()
            .Add("executionArn", child.Arn(record.Id, region))
            .Add("mapRunArn", RunArn(record, child, region))
            .Add("stateMachineArn", MachineArn(record, child, region))
            .Add("name", child.NameIn(record.Id))
            .Add("status", ExecutionFiles.StatusText(child.Status))
            .Add("startDate", child.StartedAt)
            .Add("stopDate", child.StoppedAt);
}
