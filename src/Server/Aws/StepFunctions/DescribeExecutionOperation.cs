using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>How an execution stands.</summary>
internal static class DescribeExecutionOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("DescribeExecution", "executionArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call)
    {
        var data = call.Input.OneOf("includedData", "ALL_DATA", "METADATA_ONLY");
        if (ChildExecutions.IsNamed(call, out var child))
        {
            return call.Input.Failure is { } invalid
                ? invalid
                : ChildExecutions.Describe(services, call, child, data != "METADATA_ONLY");
        }

        if (ExecutionRequests.Find(services, call).Failed(out var record, out var wrong))
        {
            return wrong;
        }

        var (input, output) = services.Executions.Payloads(record);
        return ExecutionShapes.Describe(
            record, input, output, services.Region, data != "METADATA_ONLY", services.Time.GetUtcNow());
    }
}
