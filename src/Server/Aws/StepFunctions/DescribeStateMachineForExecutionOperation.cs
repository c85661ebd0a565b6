using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Views;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What an execution runs on, which may not be what its state machine is by now.</summary>
internal static class DescribeStateMachineForExecutionOperation
{
    private const int TimeDigits = 12;

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DescribeStateMachineForExecution", "executionArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var data = call.Input.OneOf("includedData", "ALL_DATA", "METADATA_ONLY");
        ChildExecution? child = null;
        ExecutionRecord record;
        if (ChildExecutions.IsNamed(call, out var arn))
        {
            if (ChildExecutions.FindStandard(services, call, arn).Failed(out var found, out var missing))
            {
                return missing;
            }

            (record, child) = found;
        }
        else if (ExecutionRequests.Find(services, call).Failed(out record!, out var wrong))
        {
            return wrong;
        }

        if (services.Executions.RevisionOf(record) is not { } revision)
        {
            return WorkflowErrors.ExecutionNotFound(record.Id, services.Region);
        }

        var answer = new AnswerBuilder()
            .Add("stateMachineArn", ChildExecutions.MachineArn(record, child, services.Region))
            .Add("name", record.Id.Machine + (child is null ? "" : $"/{child.Label}"))
            .Add("definition", data == "METADATA_ONLY" ? ""
                : child is null ? revision.Definition
                : ProcessorText.Of(revision.Definition, child.Label))
            .Add("label", child?.Label)
            .Add("mapRunArn", child is null ? null : ChildExecutions.RunArn(record, child, services.Region))
            .Add("roleArn", revision.RoleArn)
            .Add("updateDate", MadeAt(revision, record));
        return MachineShapes.AddConfiguration(answer, revision).Add("revisionId", revision.Revision).Build();
    }

    /// <summary>A revision's id is a UUID of version 7, which begins with the time.</summary>
    private static DateTimeOffset MadeAt(StateMachineRevision revision, ExecutionRecord record)
    {
        var digits = revision.Revision.Replace("-", "", StringComparison.Ordinal);
        return digits.Length > TimeDigits && long.TryParse(
            digits.AsSpan(0, TimeDigits),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var milliseconds)
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : record.StartedAt;
    }
}
