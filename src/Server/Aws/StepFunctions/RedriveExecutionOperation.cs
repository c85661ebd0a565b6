using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Takes up an execution that did not succeed, from where it ended.</summary>
internal static class RedriveExecutionOperation
{
    private const int TokenLengthMax = 64;

    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("RedriveExecution", "executionArn", call => HandleAsync(services, call));

    private static async Task<Result<DataObject>> HandleAsync(StepFunctionsServices services, StepFunctionsCall call)
    {
        var token = call.Input.Text("clientToken", 1, TokenLengthMax);
        if (token is not null && !token.All(character => character is >= '!' and <= '~'))
        {
            call.Input.Violate("clientToken", token, "Member must satisfy regular expression pattern: [!-~]+");
        }

        if (ExecutionRequests.Find(services, call).Failed(out var record, out var wrong))
        {
            return wrong;
        }

        // Asked for a second time because the first answer was lost.
        if (token is not null && services.Executions.RedriveOf(record, token) is { } before)
        {
            return new AnswerBuilder().Add("redriveDate", before.At).Build();
        }

        if (ExecutionShapes.NotRedrivable(record, services.Time.GetUtcNow()) is { } reason)
        {
            return new Error(ErrorCode.ExecutionNotRedrivable, reason, "executionArn");
        }

        if (services.Machines.Find(new(record.Id.Account, record.Id.Machine)) is not { IsDeleting: false })
        {
            return new Error(
                ErrorCode.ExecutionNotRedrivable,
                "Execution cannot be redriven because its state machine is being deleted",
                "executionArn");
        }

        var redriven = await services.Executions.RedriveAsync(record.Id, token);
        if (redriven.Error is { } refused)
        {
            return refused;
        }

        return redriven.Value
            ? new AnswerBuilder()
                .Add("redriveDate", services.Executions.Find(record.Id)?.RedrivenAt ?? services.Time.GetUtcNow())
                .Build()
            : new Error(ErrorCode.ExecutionNotRedrivable, "Execution is RUNNING and cannot be redriven");
    }
}
