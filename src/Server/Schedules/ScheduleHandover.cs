using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Server.Delivery;
using Lambent.Server.Workflows;

namespace Lambent.Server.Schedules;

/// <summary>Hands occurrences to their targets, and what no target takes to the dead letters.</summary>
internal sealed class ScheduleHandover(TargetWriter writer, ExecutionWriter executions, string region)
{
    /// <summary>Of the reason in a dead letter: a message's attributes count to its size.</summary>
    private const int ReasonLengthMax = 1_000;

    /// <summary>Writes the hand-over in the transaction that counts the occurrence as fired.</summary>
    /// <returns>What to do after the commit: tell who waits for it; or why the target does not take it.</returns>
    public Result<Action> Put(
        ITransaction transaction, Schedule schedule, Occurrence occurrence, DateTimeOffset now)
    {
        var payload = SchedulePayload.Of(schedule, occurrence, region);
        var read = ScheduleCall.Read(schedule.Id.Account, schedule.Settings.Target, payload, region);
        if (read.Failed(out var call, out var invalid))
        {
            return invalid;
        }

        if (call is ScheduleCall.Execution execution)
        {
            return PutExecution(transaction, schedule, occurrence, execution);
        }

        var given = (ScheduleCall.Delivery)call;
        var delivery = new TargetDelivery
        {
            Id = occurrence.Id,
            Payload = given.Payload,
            Source = $"schedule:{schedule.Id.Name}",
            At = now,
            GroupId = given.GroupId,
            DeduplicationId = given.DeduplicationId,
            Delay = given.Delay,
            Policy = given.Policy,
        };
        return TargetWriter.Put(transaction, given.Target, delivery)
            .Select<Action>(_ => () => writer.Announce(given.Target));
    }

    private Result<Action> PutExecution(
        ITransaction transaction, Schedule schedule, Occurrence occurrence, ScheduleCall.Execution call)
    {
        if (call.Payload.Length > Limits.WorkflowPayloadBytesMax)
        {
            return new Error(
                ErrorCode.RequestTooLarge,
                $"{call.Payload.Length} byte input is too large for an execution "
                + $"(limit {Limits.WorkflowPayloadBytesMax} bytes)");
        }

        var (input, problem) = DataReader.Read(call.Payload.Span);
        if (input is null)
        {
            return new Error(ErrorCode.ExecutionInputInvalid, $"The input is not JSON. {problem}", "Target.Input");
        }

        var put = executions.Put(transaction, new StartRequest
        {
            Machine = call.Machine,
            Qualifier = call.Qualifier,
            Name = call.Name ?? schedule.ExecutionName(occurrence.ScheduledAt),
            Key = occurrence.Id,
            Input = input,
        });

        // The name is this occurrence's alone: what has it was begun for it.
        var isBegun = call.Name is null && put.Error?.Code == ErrorCode.ExecutionNameExists;
        return isBegun ? (Action)executions.Announce : put.Select<Action>(_ => executions.Announce);
    }

    /// <summary>Whether a target that refused may take it later: it may be made again, but a payload stays as it is.
    /// </summary>
    public static bool IsFinal(Error refusal) =>
        refusal.Code is not (ErrorCode.FunctionNotFound or ErrorCode.QueueNotFound
            or ErrorCode.StateMachineNotFound or ErrorCode.StateMachineDeleting);

    /// <summary>
    /// Sends what could not be handed over to the schedule's dead-letter queue, with the attributes that AWS gives it.
    /// </summary>
    /// <returns>What to do after the commit; null when there is no queue, or it does not take it either.</returns>
    public Action? PutDeadLetter(
        ITransaction transaction, Schedule schedule, Occurrence occurrence, Error refusal, DateTimeOffset now)
    {
        if (QueueId.FromArn(schedule.Settings.Target.DeadLetterArn, region) is not { } id)
        {
            return null;
        }

        var queue = DeliveryTarget.OfQueue(id);
        var attributes = MessageContent.NoAttributes
            .Add("ERROR_CODE", Text(refusal.Code.ToString()))
            .Add("ERROR_MESSAGE", Text(refusal.Message[..Math.Min(refusal.Message.Length, ReasonLengthMax)]))
            .Add("EXECUTION_ID", Text(occurrence.Id))
            .Add("RETRY_ATTEMPTS", Text((occurrence.Attempt - 1).ToString(CultureInfo.InvariantCulture)))
            .Add("SCHEDULE_ARN", Text(schedule.Id.Arn(region)))
            .Add("TARGET_ARN", Text(schedule.Settings.Target.Arn));
        var delivery = new TargetDelivery
        {
            Id = occurrence.Id,
            Payload = SchedulePayload.Of(schedule, occurrence, region),
            Source = $"schedule:{schedule.Id.Name}",
            At = now,
            Attributes = attributes,
        };
        return TargetWriter.Put(transaction, queue, delivery).IsSuccess ? () => writer.Announce(queue) : null;
    }

    private static MessageAttribute Text(string value) => new("String", value, null);
}
