using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What several operations on executions read.</summary>
internal static class ExecutionRequests
{
    public const int ErrorLengthMax = 256;

    private const int TraceHeaderLengthMax = 256;

    /// <summary>The execution that the request names, if it can be asked for.</summary>
    public static Result<ExecutionRecord> Find(StepFunctionsServices services, StepFunctionsCall call)
    {
        var arn = call.Input.RequiredText("executionArn", 1, WorkflowArns.LengthMax);
        return call.Input.Failure is { } invalid ? invalid : Find(services, arn);
    }

    public static Result<ExecutionRecord> Find(StepFunctionsServices services, string arn)
    {
        if (WorkflowArns.Execution(arn, services.Region).Failed(out var id, out var wrong))
        {
            return wrong;
        }

        return services.Executions.Find(id) is { Type: StateMachineType.Standard } record
            ? record
            : WorkflowErrors.ExecutionNotFound(arn);
    }

    /// <summary>Reads what StartExecution and StartSyncExecution have in common.</summary>
    public static Result<StartRequest> Start(StepFunctionsServices services, StepFunctionsCall call)
    {
        var input = call.Input;
        var arn = MachineRequests.MachineArn(input);
        var name = input.Text("name", 1, WorkflowNames.LengthMax);
        var payload = input.Text("input", 0, PayloadText.LengthMax);
        var trace = input.Text("traceHeader", 0, TraceHeaderLengthMax);
        if (trace is not null && !trace.All(char.IsAscii))
        {
            input.Violate("traceHeader", trace, @"Member must satisfy regular expression pattern: \p{ASCII}*");
        }

        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (WorkflowArns.Machine(arn, services.Region).Failed(out var machine, out var wrong))
        {
            return wrong;
        }

        if (name is not null && !WorkflowNames.IsValid(name))
        {
            return MachineErrors.InvalidName(name);
        }

        return PayloadText.Input(payload).Select(read => new StartRequest
        {
            Machine = machine.Id,
            Qualifier = machine.Qualifier,
            Name = name,
            Input = read,
            TraceHeader = trace ?? call.TraceHeader,
        });
    }
}
