using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Executions as the API shows them.</summary>
internal static class ExecutionShapes
{
    private const int BilledMemoryMegabytes = 64;
    private const int BilledStepMilliseconds = 100;

    public static string MachineArn(ExecutionRecord record, string region) =>
        new StateMachineId(record.Id.Account, record.Id.Machine).Arn(region);

    public static string? VersionArn(ExecutionRecord record, string region) =>
        record.Version is { } version ? $"{MachineArn(record, region)}:{version}" : null;

    /// <summary>A qualifier that is no version's number is an alias.</summary>
    public static string? AliasArn(ExecutionRecord record, string region) =>
        record.Qualifier is { } qualifier && WorkflowNames.IsAlias(qualifier)
            ? $"{MachineArn(record, region)}:{qualifier}"
            : null;

    public static DataObject Summary(ExecutionRecord record, string region) => new AnswerBuilder()
        .Add("executionArn", ExecutionFiles.ArnOf(record, region))
        .Add("stateMachineArn", MachineArn(record, region))
        .Add("name", record.Id.Name)
        .Add("status", ExecutionFiles.StatusText(record.Status))
        .Add("startDate", record.StartedAt)
        .Add("stopDate", record.StoppedAt)
        .Add("stateMachineVersionArn", VersionArn(record, region))
        .Add("stateMachineAliasArn", AliasArn(record, region))
        .Add("redriveCount", record.RedriveCount)
        .Add("redriveDate", record.RedrivenAt)
        .Build();

    public static DataObject Describe(
        ExecutionRecord record, DataValue input, DataValue? output, string region, bool withData, DateTimeOffset now)
    {
        var included = new DataObject(("included", withData));
        var reason = NotRedrivable(record, now);
        return new AnswerBuilder()
            .Add("executionArn", ExecutionFiles.ArnOf(record, region))
            .Add("stateMachineArn", MachineArn(record, region))
            .Add("name", record.Id.Name)
            .Add("status", ExecutionFiles.StatusText(record.Status))
            .Add("startDate", record.StartedAt)
            .Add("stopDate", record.StoppedAt)
            .Add("input", withData ? input.ToString() : null)
            .Add("inputDetails", included)
            .Add("output", withData ? output?.ToString() : null)
            .Add("outputDetails", output is null ? null : included)
            .Add("error", record.Error)
            .Add("cause", record.Cause)
            .Add("traceHeader", record.TraceHeader)
            .Add("stateMachineVersionArn", VersionArn(record, region))
            .Add("stateMachineAliasArn", AliasArn(record, region))
            .Add("redriveCount", record.RedriveCount)
            .Add("redriveDate", record.RedrivenAt)
            .Add("redriveStatus", reason is null ? "REDRIVABLE" : "NOT_REDRIVABLE")
            .Add("redriveStatusReason", reason)
            .Build();
    }

    /// <summary>How a synchronous express execution ended.</summary>
    public static DataObject Ended(EndedExecution ended, string region, bool withData)
    {
        var (record, input, output) = ended;
        var stopped = record.StoppedAt ?? record.StartedAt;
        var milliseconds = (long)(stopped - record.StartedAt).TotalMilliseconds;
        var billed = Math.Max(1, (milliseconds + BilledStepMilliseconds - 1) / BilledStepMilliseconds)
            * BilledStepMilliseconds;
        var included = new DataObject(("included", withData));
        return new AnswerBuilder()
            .Add("executionArn", ExecutionFiles.ArnOf(record, region))
            .Add("stateMachineArn", MachineArn(record, region))
            .Add("name", record.Id.ShownName)
            .Add("startDate", record.StartedAt)
            .Add("stopDate", stopped)
            .Add("status", record.Status switch
            {
                ExecutionStatus.Succeeded => "SUCCEEDED",
                ExecutionStatus.TimedOut or ExecutionStatus.Aborted => "TIMED_OUT",
                _ => "FAILED",
            })
            .Add("error", record.Error)
            .Add("cause", record.Cause)
            .Add("input", withData ? input.ToString() : null)
            .Add("inputDetails", included)
            .Add("output", withData ? output?.ToString() : null)
            .Add("outputDetails", output is null ? null : included)
            .Add("traceHeader", record.TraceHeader)
            .Add("billingDetails", new DataObject(
                ("billedMemoryUsedInMB", BilledMemoryMegabytes), ("billedDurationInMilliseconds", billed)))
            .Build();
    }

    /// <summary>Why an execution cannot be taken up again; null when it can.</summary>
    public static string? NotRedrivable(ExecutionRecord record, DateTimeOffset now) =>
        record.Status is ExecutionStatus.Running or ExecutionStatus.Succeeded
            ? $"Execution is {ExecutionFiles.StatusText(record.Status)} and cannot be redriven"
            : ExecutionBulk.IsTooOld(record, now)
                ? "Execution cannot be redriven because the redrivable period of 14 days is over"
                : null;
}
