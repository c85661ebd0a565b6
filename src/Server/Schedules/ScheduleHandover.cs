using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;

namespace Lambent.Server.Schedules;

/// <summary>Hands occurrences to their targets, and what no target takes to the dead letters.</summary>
internal sealed class ScheduleHandover(TargetWriter writer, string region)
{
    /// <summary>Of the reason in a dead letter: a message's attributes count to its size.</summary>
    private const int ReasonLengthMax = 1_000;

    /// <summary>Writes the hand-over in the transaction that counts the occurrence as fired.</summary>
    /// <returns>What to announce after the commit; or why the target does not take it.</returns>
    public Result<DeliveryTarget> Put(
        ITransaction transaction, Schedule schedule, Occurrence occurrence, DateTimeOffset now)
    {
        var target = schedule.Settings.Target;
        if (DeliveryTarget.Parse(target.Arn, region, "Target.Arn").Failed(out var parsed, out var invalid))
        {
            return invalid;
        }

        var delivery = new TargetDelivery
        {
            Id = occurrence.Id,
            Payload = SchedulePayload.Of(schedule, occurrence, region),
            Source = $"schedule:{schedule.Id.Name}",
            At = now,
            GroupId = target.MessageGroupId,
        };
        return TargetWriter.Put(transaction, parsed, delivery).Select(_ => parsed);
    }

    /// <summary>Whether a target that refused may take it later: it may be made again, but a payload stays as it is.
    /// </summary>
    public static bool IsFinal(Error refusal) =>
        refusal.Code is not (ErrorCode.FunctionNotFound or ErrorCode.QueueNotFound);

    /// <summary>
    /// Sends what could not be handed over to the schedule's dead-letter queue, with the attributes that AWS gives it.
    /// </summary>
    /// <returns>The queue, or null when there is none or it does not take it either.</returns>
    public DeliveryTarget? PutDeadLetter(
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
        return TargetWriter.Put(transaction, queue, delivery).IsSuccess ? queue : null;
    }

    public void Announce(DeliveryTarget target) => writer.Announce(target);

    private static MessageAttribute Text(string value) => new("String", value, null);
}
