using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;

namespace Lambent.Server.Workflows;

/// <summary>
/// Tasks that call a function: by its own ARN, when what it returns is the result, or through
/// <c>arn:aws:states:::lambda:invoke</c>, when the result is the answer of Invoke.
/// </summary>
internal sealed class FunctionTasks(
    FunctionDirectory directory,
    Dispatcher dispatcher,
    EventInbox inbox,
    CallLines lines,
    Func<string> newId,
    Random chance,
    string region,
    TimeProvider time) : ITaskCaller
{
    private const string UnknownError = "Lambda.Unknown";

    public string Service => "lambda";

    public async Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var account = execution.Record.Id.Account;
        var isIntegration = task.Resource.Kind == TaskResourceKind.Integration;
        var named = isIntegration ? (task.Parameters["FunctionName"] as DataText)?.Value : task.Resource.Arn;
        var qualifier = isIntegration ? (task.Parameters["Qualifier"] as DataText)?.Value : null;
        if (named is null || Parse(named, account) is not { } target)
        {
            return TaskEnding.Failed(
                "Lambda.ResourceNotFoundException", $"'{named}' is not the name or ARN of a function of this account.");
        }

        target = target with { Qualifier = qualifier ?? target.Qualifier };
        var payload = isIntegration ? task.Parameters["Payload"] ?? DataObject.Empty : task.Parameters;
        if (isIntegration && (task.Parameters["InvocationType"] as DataText)?.Value == "Event")
        {
            return await AcceptAsync(
                target, payload, ExecutionTrace.HeaderOfTask(execution.Record, task.Number));
        }

        return await InvokeAsync(target, payload, task, execution);
    }

    private async Task<TaskEnding?> InvokeAsync(
        DeliveryTarget target, DataValue payload, OpenTask task, LoadedExecution execution)
    {
        var function = directory.Find(target.Function);
        var specification = function?.Route(target.Qualifier, chance.NextDouble());
        if (function is null || specification is null)
        {
            return TaskEnding.Failed(
                "Lambda.ResourceNotFoundException",
                $"Function not found: {target.Arn(region)} (Service: Lambda, Status Code: 404)");
        }

        var invocation = new Invocation
        {
            RequestId = newId(),
            InvokedArn = target.Arn(region),
            Payload = DataWriter.ToUtf8(payload),
            ClientContext = (task.Parameters["ClientContext"] as DataText)?.Value,
            Trace = new CallTrace(ExecutionTrace.OfTask(execution.Record, task.Number), Span: 0),
            CameFrom = $"{execution.Record.Id.Machine}:{execution.Record.Id.Name}",
        };
        await lines.EnterAsync(specification);
        Result<InvocationOutcome> called;
        try
        {
            if (execution.Ended.Task.IsCompleted)
            {
                return null;
            }

            called = await dispatcher.InvokeAsync(function, specification, invocation, "workflow");
        }
        finally
        {
            lines.Leave(specification);
        }

        if (called.Failed(out var outcome, out var refused))
        {
            // A server that shuts down has not tried: the next one does.
            return refused.Code == ErrorCode.Draining ? null : TaskEnding.Failed(NameOf(refused), refused.Message);
        }

        using (outcome)
        {
            var payloadRead = outcome.Payload.IsEmpty ? null : DataReader.Read(outcome.Payload.Span);
            if (!outcome.IsSuccess)
            {
                return Failed(outcome, payloadRead?.Value);
            }

            if (payloadRead is { Value: null })
            {
                return TaskEnding.Failed(
                    UnknownError, $"The function's result is not JSON: {payloadRead.Problem}");
            }

            var result = payloadRead?.Value ?? DataNull.Value;
            return TaskEnding.Of(task.Resource.Kind == TaskResourceKind.Integration
                ? Answer(invocation.RequestId, specification.Version, result)
                : result);
        }
    }

    /// <summary>An asynchronous call: it is done when it is accepted.</summary>
    private async Task<TaskEnding> AcceptAsync(DeliveryTarget target, DataValue payload, string? traceHeader)
    {
        if (directory.Find(target.Function) is null)
        {
            return TaskEnding.Failed(
                "Lambda.ResourceNotFoundException",
                $"Function not found: {target.Arn(region)} (Service: Lambda, Status Code: 404)");
        }

        var now = time.GetUtcNow();
        var accepted = await inbox.AcceptAsync(
            new AsyncEvent
            {
                Id = newId(),
                Target = target,
                Payload = DataWriter.ToUtf8(payload),
                TraceHeader = traceHeader,
                Source = "workflow",
                AcceptedAt = now,
                FirstDueAt = now,
                DueAt = now,
                Policy = EventPolicy.None,
            },
            CancellationToken.None);
        return accepted.Failed(out var taken, out var refused)
            ? TaskEnding.Failed(NameOf(refused), refused.Message)
            : TaskEnding.Of(AwsAnswer.With(newId(), ("StatusCode", 202)));
    }

    private DeliveryTarget? Parse(string named, AccountId account)
    {
        if (named.StartsWith("arn:", StringComparison.Ordinal))
        {
            return DeliveryTarget.Parse(named, region, "FunctionName") is
                { IsSuccess: true, Value: { Kind: DeliveryTargetKind.Function } target } && target.Account == account
                    ? target
                    : null;
        }

        // A name, a name with a qualifier, or "account:function:name".
        var parts = named.Split(':');
        return parts switch
        {
            [var name] => DeliveryTarget.OfFunction(new FunctionId(account, name)),
            [var name, var qualifier] => DeliveryTarget.OfFunction(new FunctionId(account, name), qualifier),
            [var owner, "function", var name] when owner == account.Value =>
                DeliveryTarget.OfFunction(new FunctionId(account, name)),
            _ => null,
        };
    }

    private static DataObject Answer(string requestId, string version, DataValue result) =>
        AwsAnswer.With(requestId, ("ExecutedVersion", version), ("Payload", result), ("StatusCode", 200));

    private static TaskEnding Failed(InvocationOutcome outcome, DataValue? error)
    {
        var type = (error?["errorType"] as DataText)?.Value;
        var cause = Encoding.UTF8.GetString(outcome.Payload.Span);
        return TaskEnding.Failed(
            string.IsNullOrEmpty(type) ? UnknownError : type,
            cause.Length > Limits.WorkflowCauseLengthMax ? cause[..Limits.WorkflowCauseLengthMax] : cause);
    }

    private static string NameOf(Error refused) => refused.Code switch
    {
        ErrorCode.FunctionConcurrencyExceeded or ErrorCode.AccountConcurrencyExceeded
            or ErrorCode.InvocationRateExceeded => "Lambda.TooManyRequestsException",
        ErrorCode.FunctionNotFound or ErrorCode.ResourceNotFound => "Lambda.ResourceNotFoundException",
        ErrorCode.FunctionNotReady => "Lambda.ResourceNotReadyException",
        _ => "Lambda.ServiceException",
    };
}
