using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Schedules;

/// <summary>What an occurrence does: it hands something to a function or a queue, or begins an execution.</summary>
internal abstract record ScheduleCall(AccountId Account, ReadOnlyMemory<byte> Payload)
{
    /// <param name="Target">A function or a queue.</param>
    /// <param name="Payload">What it gets.</param>
    public sealed record Delivery(DeliveryTarget Target, ReadOnlyMemory<byte> Payload)
        : ScheduleCall(Target.Account, Payload)
    {
        /// <summary>For a FIFO queue.</summary>
        public string? GroupId { get; init; }

        /// <summary>For a FIFO queue; null: the occurrence's id.</summary>
        public string? DeduplicationId { get; init; }

        public TimeSpan Delay { get; init; }

        public EventPolicy? Policy { get; init; }
    }

    /// <param name="Machine">Which.</param>
    /// <param name="Qualifier">A version or an alias; null: the newest revision.</param>
    /// <param name="Payload">The execution's input.</param>
    public sealed record Execution(StateMachineId Machine, string? Qualifier, ReadOnlyMemory<byte> Payload)
        : ScheduleCall(Machine.Account, Payload)
    {
        /// <summary>Null: one that belongs to the schedule and the scheduled time.</summary>
        public string? Name { get; init; }
    }

    /// <summary>Reads what a target means. Whether there is such a thing is not looked at.</summary>
    /// <param name="account">Whose schedule it is.</param>
    /// <param name="target">As it was written.</param>
    /// <param name="payload">Its input, or AWS's event.</param>
    /// <param name="region">That ARNs must be of.</param>
    public static Result<ScheduleCall> Read(
        AccountId account, ScheduleTarget target, ReadOnlyMemory<byte> payload, string region)
    {
        if (UniversalCall.IsMeant(target.Arn))
        {
            return UniversalCall.Read(account, target.Arn, payload, region);
        }

        if (StateMachineId.FromArn(target.Arn, region) is var (machine, qualifier))
        {
            return new Execution(machine, qualifier, payload);
        }

        return DeliveryTarget.Parse(target.Arn, region, "Target.Arn").Select<ScheduleCall>(
            parsed => new Delivery(parsed, payload) { GroupId = target.MessageGroupId });
    }
}
