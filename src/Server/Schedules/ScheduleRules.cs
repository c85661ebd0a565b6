using System.Text.Json;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Schedules;

/// <summary>What settings must fulfil before they are written. Lengths and sets of values are checked by the front
/// doors, in their own words.</summary>
internal sealed class ScheduleRules(ScheduleBook book, string region)
{
    /// <summary>AWS lets a start lie back a little, so that a slow request is not refused.</summary>
    private static readonly TimeSpan StartSlack = TimeSpan.FromMinutes(5);

    /// <summary>What other kinds of targets are called, by the service in their ARN.</summary>
    private static readonly Dictionary<string, string> OtherKinds = new(StringComparer.Ordinal)
    {
        ["events"] = "an event bus",
        ["sns"] = "a topic",
        ["kinesis"] = "a stream",
        ["firehose"] = "a delivery stream",
        ["ecs"] = "a container task",
        ["batch"] = "a batch job",
        ["codebuild"] = "a build",
        ["codepipeline"] = "a pipeline",
        ["sagemaker"] = "a SageMaker pipeline",
        ["inspector"] = "an assessment",
    };

    /// <summary>The occurrences of the settings, or what is wrong with them.</summary>
    /// <param name="account">Whose schedule it is.</param>
    /// <param name="settings">As they are wanted.</param>
    /// <param name="before">What the schedule said before; null for a new one.</param>
    /// <param name="now">The time.</param>
    public Result<ScheduleTimes> Check(
        AccountId account, ScheduleSettings settings, ScheduleSettings? before, DateTimeOffset now)
    {
        if (book.Times(settings).Failed(out var times, out var invalid))
        {
            return invalid;
        }

        return CheckDates(settings, before, now) is { } badDates ? badDates
            : CheckTarget(account, settings.Target) is { } badTarget ? badTarget
            : times;
    }

    private static Error? CheckDates(ScheduleSettings settings, ScheduleSettings? before, DateTimeOffset now)
    {
        var expression = ScheduleExpression.Parse(settings.Expression).Value;
        if (expression.IsOnce)
        {
            return CheckOnce(settings, before, expression, now);
        }

        if (settings.StartAt < now - StartSlack && settings.StartAt != before?.StartAt)
        {
            return ScheduleErrors.Invalid(
                "The StartDate you specify cannot be earlier than 5 minutes ago.", "StartDate");
        }

        if (settings.EndAt < now && settings.EndAt != before?.EndAt)
        {
            return ScheduleErrors.Invalid("The EndDate you specify cannot be in the past.", "EndDate");
        }

        return settings.EndAt <= settings.StartAt
            ? ScheduleErrors.Invalid("The EndDate you specify must come after the StartDate.", "EndDate")
            : null;
    }

    private static Error? CheckOnce(
        ScheduleSettings settings, ScheduleSettings? before, ScheduleExpression expression, DateTimeOffset now)
    {
        if (settings.Expression == before?.Expression && settings.Zone == before.Zone)
        {
            return null;
        }

        var zone = ScheduleBook.Zone(settings.Zone)!;
        if (expression.NextAfter(DateTimeOffset.MinValue, zone, now) is not { } time)
        {
            return Refused($"Clocks in {settings.Zone} are put forward over this time: it does not exist");
        }

        return time < now - Limits.ScheduleLateness ? Refused("This time is in the past") : null;

        Error Refused(string why) => new(
            ErrorCode.ScheduleExpressionInvalid,
            $"Invalid Schedule Expression {settings.Expression}. At character 4: {why}.",
            "ScheduleExpression");
    }

    private Error? CheckTarget(AccountId account, ScheduleTarget target)
    {
        if (CheckKind(target.Arn, "Target.Arn") is { } otherKind)
        {
            return otherKind;
        }

        if (UniversalCall.IsMeant(target.Arn) && target.Input is null)
        {
            return ScheduleErrors.Invalid(
                "Input is required for a universal target: it is the request of the operation.", "Target.Input");
        }

        if (ScheduleCall.Read(account, target, Sample(account, target), region).Failed(out var call, out var invalid))
        {
            return ScheduleErrors.Invalid(invalid.Message, invalid.Field ?? "Target.Arn");
        }

        if (CheckAccount(call.Account, account, target.Arn, "Target.Arn") is { } foreign)
        {
            return foreign;
        }

        if (target.DeadLetterArn is { } deadLetter && CheckDeadLetter(account, deadLetter) is { } badQueue)
        {
            return badQueue;
        }

        if (call is ScheduleCall.Delivery { Target.Kind: DeliveryTargetKind.Queue } delivery)
        {
            return CheckQueueTarget(delivery);
        }

        return target.MessageGroupId is not null
            ? ScheduleErrors.Invalid("SqsParameters are for targets that are queues.", "Target.SqsParameters")
            : CheckJson(call, target);
    }

    /// <summary>What the target gets, with something filled in for the context attributes.</summary>
    private byte[] Sample(AccountId account, ScheduleTarget target)
    {
        var occurrence = new Occurrence(Guid.Empty.ToString(), DateTimeOffset.UnixEpoch, 1, DateTimeOffset.UnixEpoch);
        var id = new ScheduleId(account, ScheduleGroupId.DefaultName, "name");
        return Encoding.UTF8.GetBytes(SchedulePayload.Fill(target.Input ?? "{}", id.Arn(region), occurrence));
    }

    private Error? CheckDeadLetter(AccountId account, string arn)
    {
        const string Field = "Target.DeadLetterConfig.Arn";
        if (CheckKind(arn, Field) is { } otherKind)
        {
            return otherKind;
        }

        if (DeliveryTarget.Parse(arn, region, Field).Failed(out var queue, out var invalid))
        {
            return ScheduleErrors.Invalid(invalid.Message, Field);
        }

        return queue.Kind != DeliveryTargetKind.Queue || queue.Queue.IsFifo
            ? ScheduleErrors.Invalid($"The dead-letter queue must be a standard SQS queue, not {arn}.", Field)
            : CheckAccount(queue.Account, account, arn, Field);
    }

    private static Error? CheckQueueTarget(ScheduleCall.Delivery delivery)
    {
        if (delivery.Target.Queue.IsFifo && delivery.GroupId is null)
        {
            return ScheduleErrors.Invalid(
                "SqsParameters.MessageGroupId is required for a target that is a FIFO queue.",
                "Target.SqsParameters.MessageGroupId");
        }

        return MessageRules.CheckText(Encoding.UTF8.GetString(delivery.Payload.Span)) is { } wrong
            ? ScheduleErrors.Invalid(wrong.Message, "Target.Input")
            : null;
    }

    /// <summary>A function or an execution gets JSON. It is read with the context attributes filled in, which may be
    /// the values of members.</summary>
    private static Error? CheckJson(ScheduleCall call, ScheduleTarget target)
    {
        if (target.Input is null)
        {
            return null;
        }

        var (what, bytesMax) = call is ScheduleCall.Execution
            ? ("a state machine", Limits.WorkflowPayloadBytesMax)
            : ("a function", Limits.EventPayloadBytesMax);
        if (call.Payload.Length > bytesMax)
        {
            return ScheduleErrors.Invalid($"Input is larger than that of {what} may be ({bytesMax} bytes).",
                "Target.Input");
        }

        try
        {
            using var document = JsonDocument.Parse(call.Payload);
            return null;
        }
        catch (JsonException malformed)
        {
            return ScheduleErrors.Invalid(
                $"Input must be JSON for a target that is {what}: it is not at line "
                + $"{(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}.",
                "Target.Input");
        }
    }

    /// <summary>A kind of target that does not exist here is refused by its name.</summary>
    private static Error? CheckKind(string arn, string field)
    {
        var parts = arn.Split(':');
        return parts.Length > 2 && parts[0] == "arn" && OtherKinds.TryGetValue(parts[2], out var kind)
            ? ScheduleErrors.Invalid(
                $"'{arn}' is {kind}. Schedules here call functions, send to queues and start state machines: name one "
                + "of these.",
                field)
            : null;
    }

    private static Error? CheckAccount(AccountId target, AccountId schedule, string arn, string field) =>
        target == schedule
            ? null
            : ScheduleErrors.Invalid($"'{arn}' is of another account than the schedule.", field);
}
