using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Schedules;

/// <summary>
/// Universal targets: <c>arn:aws:scheduler:::aws-sdk:SERVICE:OPERATION</c>, whose input is the request of an operation
/// of AWS. Those there are that mean what other targets mean: calling a function, sending a message, beginning an
/// execution.
/// </summary>
internal static class UniversalCall
{
    private const string Start = "arn:aws:scheduler:::aws-sdk:";

    public static bool IsMeant(string arn) => arn.StartsWith(Start, StringComparison.Ordinal);

    public static Result<ScheduleCall> Read(
        AccountId account, string arn, ReadOnlyMemory<byte> payload, string region)
    {
        Func<AccountId, DataObject, string, Result<ScheduleCall>>? read = arn[Start.Length..] switch
        {
            "lambda:invoke" => Invoke,
            "sqs:sendMessage" => SendMessage,
            "sfn:startExecution" => StartExecution,
            _ => null,
        };
        if (read is null)
        {
            return ScheduleErrors.Invalid(
                $"'{arn}' is an operation of the AWS SDK that does not exist here. There are lambda:invoke, "
                + "sqs:sendMessage and sfn:startExecution.",
                "Target.Arn");
        }

        var (value, problem) = DataReader.Read(payload.Span);
        return value is DataObject request ? read(account, request, region)
            : value is not null ? Wrong("must be an object, the request of the operation")
            : Wrong($"is not JSON. {problem}");
    }

    private static Result<ScheduleCall> Invoke(AccountId account, DataObject request, string region)
    {
        if (Unknown(request, "FunctionName", "InvocationType", "Payload", "Qualifier") is { } unknown)
        {
            return unknown;
        }

        if (Text(request, "FunctionName") is not { } name || Function(account, name, region) is not { } target)
        {
            return Wrong("must have FunctionName, the name or ARN of a function");
        }

        var type = Text(request, "InvocationType") ?? "RequestResponse";
        if (type is not ("Event" or "RequestResponse"))
        {
            return Wrong($"has InvocationType '{type}', which is Event or RequestResponse");
        }

        // AWS takes the payload's JSON as text.
        var payload = request["Payload"] switch
        {
            null => DataObject.Empty,
            DataText text => DataReader.Read(text.Value).Value,
            var value => value,
        };
        if (payload is null)
        {
            return Wrong("has a Payload that is not JSON");
        }

        return new ScheduleCall.Delivery(
            target with { Qualifier = Text(request, "Qualifier") ?? target.Qualifier }, DataWriter.ToUtf8(payload))
        {
            // Whoever waits for the answer of a call does not make it again because the handler failed.
            Policy = type == "Event" ? null : new EventPolicy { RetriesMax = 0 },
        };
    }

    private static Result<ScheduleCall> SendMessage(AccountId account, DataObject request, string region)
    {
        if (Unknown(
            request, "QueueUrl", "MessageBody", "DelaySeconds", "MessageGroupId", "MessageDeduplicationId") is { } one)
        {
            return one;
        }

        // A queue's URL ends with its account and name, whatever the host.
        var path = (Text(request, "QueueUrl") ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length < 2 || !AccountId.TryParse(path[^2], out var owner))
        {
            return Wrong("must have QueueUrl, the URL of a queue");
        }

        if (request["MessageBody"] is not { } body)
        {
            return Wrong("must have MessageBody");
        }

        var delay = request["DelaySeconds"] is DataNumber seconds ? seconds.Value : 0;
        if (delay is < 0 or > Limits.MessageDelaySecondsMax || request["DelaySeconds"] is not (null or DataNumber))
        {
            return Wrong($"has DelaySeconds, which is 0 to {Limits.MessageDelaySecondsMax}");
        }

        return new ScheduleCall.Delivery(
            DeliveryTarget.OfQueue(new QueueId(owner, path[^1])),
            body is DataText text ? System.Text.Encoding.UTF8.GetBytes(text.Value) : DataWriter.ToUtf8(body))
        {
            Delay = TimeSpan.FromSeconds((int)delay),
            GroupId = Text(request, "MessageGroupId"),
            DeduplicationId = Text(request, "MessageDeduplicationId"),
        };
    }

    private static Result<ScheduleCall> StartExecution(AccountId account, DataObject request, string region)
    {
        if (Unknown(request, "StateMachineArn", "Input", "Name") is { } unknown)
        {
            return unknown;
        }

        if (StateMachineId.FromArn(Text(request, "StateMachineArn") ?? "", region) is not var (machine, qualifier))
        {
            return Wrong("must have StateMachineArn, the ARN of a state machine");
        }

        var name = Text(request, "Name");
        if (name is not null && (name.Length > WorkflowNames.LengthMax || !WorkflowNames.IsValid(name)))
        {
            return Wrong($"has the Name '{name}', which no execution can have");
        }

        // As in the API the input is text; the object that it would be is understood as well.
        var input = request["Input"] switch
        {
            null => DataObject.Empty,
            DataText text => DataReader.Read(text.Value).Value,
            var value => value,
        };
        return input is null
            ? Wrong("has an Input that is not JSON")
            : new ScheduleCall.Execution(machine, qualifier, DataWriter.ToUtf8(input)) { Name = name };
    }

    private static DeliveryTarget? Function(AccountId account, string named, string region)
    {
        if (named.StartsWith("arn:", StringComparison.Ordinal))
        {
            return DeliveryTarget.Parse(named, region, "Target.Input") is
                { IsSuccess: true, Value: { Kind: DeliveryTargetKind.Function } target } ? target : null;
        }

        var parts = named.Split(':');
        return parts.Length <= 2 && parts.All(part => part.Length > 0)
            ? DeliveryTarget.OfFunction(new FunctionId(account, parts[0]), parts.ElementAtOrDefault(1))
            : null;
    }

    private static string? Text(DataObject request, string name) => (request[name] as DataText)?.Value;

    /// <summary>What is not understood is refused now, not ignored at every time.</summary>
    private static Error? Unknown(DataObject request, params string[] known) =>
        request.Members.Select(member => member.Key).FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? Wrong($"has the member '{unknown}'; here it may have {string.Join(", ", known)}")
            : null;

    private static Error Wrong(string what) =>
        ScheduleErrors.Invalid($"Input of a universal target {what}.", "Target.Input");
}
