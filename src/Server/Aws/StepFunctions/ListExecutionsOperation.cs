using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Executions of a state machine, the latest first.</summary>
internal static class ListExecutionsOperation
{
    private const int TokenLengthMax = 3_096;

    /// <summary>In the order in which AWS names them.</summary>
    private static readonly string[] Statuses =
        ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"];

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListExecutions", "stateMachineArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var arn = input.Text("stateMachineArn", 1, WorkflowArns.LengthMax);
        var run = input.Text("mapRunArn", 1, WorkflowArns.RunLengthMax);
        var status = input.OneOf("statusFilter", Statuses);
        var redriven = input.OneOf("redriveFilter", "REDRIVEN", "NOT_REDRIVEN");
        var resource = arn ?? run ?? "";
        if (StepFunctionsPage.Read(services, call, resource, TokenLengthMax).Failed(out var page, out var wrong))
        {
            return wrong;
        }

        if ((arn is null) == (run is null))
        {
            return MachineErrors.Invalid(
                "Exactly one of stateMachineArn and mapRunArn must be specified", "MISSING_REQUIRED_PARAMETER");
        }

        if (run is not null)
        {
            return ChildExecutions.List(services, call, run, page, child =>
                (status is null || status == ExecutionFiles.StatusText(child.Status))
                && (redriven is null || child.RedriveCount > 0 == (redriven == "REDRIVEN")));
        }

        if (WorkflowArns.Machine(arn!, services.Region).Failed(out var named, out wrong))
        {
            return wrong;
        }

        if (services.Machines.Find(named.Id) is not { } machine)
        {
            return MachineErrors.NotFound(arn!);
        }

        if (machine.Type == StateMachineType.Express)
        {
            return new Error(
                ErrorCode.StateMachineTypeUnsupported, "This operation is not supported by this type of state machine");
        }

        var found = status == "PENDING_REDRIVE" ? [] : Collect(
            services,
            named.Id.Account,
            Position(page.After, new ExecutionFilter(named.Id.Name, StatusOf(status))),
            record => (named.Qualifier is null || record.Qualifier == named.Qualifier
                    || $"{record.Version}" == named.Qualifier)
                && (redriven is null || record.RedriveCount > 0 == (redriven == "REDRIVEN")),
            page.Size + 1);
        return page.Answer(
            services,
            call,
            arn!,
            "executions",
            found,
            record => ExecutionShapes.Summary(record, services.Region),
            record => string.Create(CultureInfo.InvariantCulture, $"{record.StartedAt.UtcTicks}/{record.Key}"));
    }

    /// <summary>Reads on until there are enough that are wanted.</summary>
    private static List<ExecutionRecord> Collect(
        StepFunctionsServices services,
        AccountId account,
        ExecutionFilter filter,
        Func<ExecutionRecord, bool> isWanted,
        int count)
    {
        List<ExecutionRecord> found = [];
        for (var limit = count; ; limit = Limits.WorkflowPageMax)
        {
            // Most are wanted, as a rule: more than needed is read when some were not.
            var read = services.Executions.List(account, filter, limit);
            found.AddRange(read.Where(isWanted).Take(count - found.Count));
            if (found.Count == count || read.Count < limit)
            {
                return found;
            }

            filter = filter with { Before = read[^1].StartedAt, BeforeKey = read[^1].Key };
        }
    }

    private static ExecutionFilter Position(string after, ExecutionFilter filter) =>
        after.Split('/') is [var ticks, var key]
            ? filter with
            {
                Before = new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero),
                BeforeKey = key,
            }
            : filter;

    private static ExecutionStatus? StatusOf(string? text) => text switch
    {
        "RUNNING" => ExecutionStatus.Running,
        "SUCCEEDED" => ExecutionStatus.Succeeded,
        "FAILED" => ExecutionStatus.Failed,
        "TIMED_OUT" => ExecutionStatus.TimedOut,
        "ABORTED" => ExecutionStatus.Aborted,
        _ => null,
    };
}
