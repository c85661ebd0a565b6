using System.Collections.Immutable;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;

namespace Lambent.Server.Delivery;

/// <summary>What an attempt came to, as it is to be written.</summary>
/// <param name="Attempted">The event as it was taken.</param>
/// <param name="Decision">What follows.</param>
/// <param name="Report">What came of the attempt.</param>
/// <param name="Settings">What holds for the event.</param>
/// <param name="RecordId">The id of what goes to a destination; the same however often the write is tried.</param>
/// <param name="LetterId">The id of the dead letter.</param>
internal sealed record Settlement(
    AsyncEvent Attempted,
    DeliveryDecision Decision,
    AttemptReport Report,
    DeliverySettings Settings,
    string RecordId,
    string LetterId);

/// <summary>What was written.</summary>
/// <param name="End">How the event ended; null: it waits for its next attempt, or was gone already.</param>
/// <param name="DueAgainAt">When it is to be tried again.</param>
/// <param name="IsDead">Whether it is kept among the dead.</param>
/// <param name="Told">Who is to be told that something came.</param>
/// <param name="DestinationError">Why a destination did not take its record.</param>
internal sealed record Settled(
    EventEnd? End,
    DateTimeOffset? DueAgainAt,
    bool IsDead,
    ImmutableArray<DeliveryTarget> Told,
    string? DestinationError)
{
    public static readonly Settled Nothing = new(null, null, false, [], null);

    /// <summary>It ended well, and nobody is to be told anything.</summary>
    public static readonly Settled Well = Nothing with { End = EventEnd.Succeeded };
}

/// <summary>
/// Writes what became of an event, in one transaction: that it ended or waits, its result, its record for the
/// destination, its dead letter. So each of them exists exactly once, whatever breaks.
/// </summary>
internal sealed class EventSettler(DeliveryLease lease, IEventObserver? observer, string region)
{
    private const int ErrorMessageLengthMax = 1_024;

    /// <summary>Whether the event ended well and only has to go, as nearly always.</summary>
    public static bool IsPlain(Settlement settlement) =>
        settlement.Decision.End == EventEnd.Succeeded
        && settlement.Settings.OnSuccess is null
        && !settlement.Decision.Next.Policy.KeepsResult;

    public Result<Settled> Settle(ITransaction transaction, Settlement settlement, DateTimeOffset now) =>
        lease.IsHeld(transaction) ? SettleHeld(transaction, settlement, now) : DeliveryLease.Lost;

    /// <summary>Several at once: the lease is looked at once.</summary>
    public Result<Settled[]> Settle(
        ITransaction transaction, IReadOnlyList<Settlement> settlements, DateTimeOffset now) =>
        lease.IsHeld(transaction)
            ? settlements.Select(settlement => SettleHeld(transaction, settlement, now)).ToArray()
            : DeliveryLease.Lost;

    private Settled SettleHeld(ITransaction transaction, Settlement settlement, DateTimeOffset now)
    {
        if (settlement.Decision.End is { } end)
        {
            return End(transaction, settlement, end, now);
        }

        var next = settlement.Decision.Next;
        if (transaction.Events.Get(next.Id) is not { } stored)
        {
            return Settled.Nothing;
        }

        if (stored.State != EventState.Ready)
        {
            // It was written already, by a write that was reported failed.
            return Settled.Nothing with { DueAgainAt = stored.State == EventState.Waiting ? stored.Event.DueAt : null };
        }

        if (stored.Event.IsCancelled)
        {
            return End(transaction, settlement, EventEnd.Cancelled, now);
        }

        transaction.Events.Change(next, EventState.Waiting);
        return Settled.Nothing with { DueAgainAt = next.DueAt };
    }

    private Settled End(ITransaction transaction, Settlement settlement, EventEnd end, DateTimeOffset now)
    {
        var ended = settlement.Decision.Next;
        if (IsPlain(settlement))
        {
            if (!transaction.Events.Delete(ended.Id))
            {
                return Settled.Nothing;
            }

            var heard = Tell(transaction, settlement, end, [], now);
            return heard.IsEmpty ? Settled.Well : Settled.Well with { Told = heard };
        }

        var deliveries = end == EventEnd.Cancelled ? [] : Deliveries(settlement, end, now).ToList();

        // One that runs is ready in the store. Any other was settled already, by a write that was reported failed, and
        // may have been sent again since.
        if (transaction.Events.Get(ended.Id) is not { State: EventState.Ready })
        {
            return Settled.Nothing;
        }

        var (told, refusal) = HandOn(transaction, deliveries);
        var isDead = end is not (EventEnd.Succeeded or EventEnd.Cancelled) && told.IsEmpty;
        if (isDead)
        {
            transaction.Events.Change(
                ended with { LastError = ended.LastError ?? Describe(end), DueAt = now }, EventState.Dead);
        }
        else
        {
            transaction.Events.Delete(ended.Id);
        }

        if (!isDead)
        {
            transaction.EventResults.Put(ResultOf(settlement, end, refusal, now));
        }

        return new Settled(end, null, isDead, Tell(transaction, settlement, end, told, now), refusal);
    }

    /// <summary>With what the observer handed something to.</summary>
    private ImmutableArray<DeliveryTarget> Tell(
        ITransaction transaction,
        Settlement settlement,
        EventEnd end,
        ImmutableArray<DeliveryTarget> told,
        DateTimeOffset now)
    {
        var isDeadLettered = end != EventEnd.Succeeded
            && settlement.Settings.DeadLetterTarget is { } letters && told.Contains(letters);
        return observer is null
            ? told
            : told.AddRange(observer.Ended(transaction, settlement.Decision.Next, end, isDeadLettered, now));
    }

    private (ImmutableArray<DeliveryTarget> Told, string? Refusal) HandOn(
        ITransaction transaction, IReadOnlyList<(DeliveryTarget Target, TargetDelivery Delivery)> deliveries)
    {
        var told = ImmutableArray.CreateBuilder<DeliveryTarget>();
        string? refusal = null;
        foreach (var (target, delivery) in deliveries)
        {
            if (TargetWriter.Put(transaction, target, delivery).Error is { } error)
            {
                refusal = $"{target.Arn(region)}: {error.Message}";
            }
            else
            {
                told.Add(target);
            }
        }

        return (told.ToImmutable(), refusal);
    }

    private static EventResult ResultOf(Settlement settlement, EventEnd end, string? refusal, DateTimeOffset now)
    {
        var ended = settlement.Decision.Next;
        return new EventResult
        {
            Id = ended.Id,
            Target = ended.Target,
            End = end,
            AcceptedAt = ended.AcceptedAt,
            EndedAt = now,
            Attempts = ended.Attempts,
            Payload = ended.Policy.KeepsResult ? settlement.Report.Response : default,
            Error = end == EventEnd.Succeeded ? null : ended.LastError ?? Describe(end),
            DestinationError = refusal,
        };
    }

    private IEnumerable<(DeliveryTarget Target, TargetDelivery Delivery)> Deliveries(
        Settlement settlement, EventEnd end, DateTimeOffset now)
    {
        var (attempted, settings) = (settlement.Attempted, settlement.Settings);
        if ((end == EventEnd.Succeeded ? settings.OnSuccess : settings.OnFailure) is { } destination)
        {
            yield return (destination, Record(settlement, end, now));
        }

        if (end != EventEnd.Succeeded && settings.DeadLetterTarget is { } deadLetters)
        {
            yield return (deadLetters, new TargetDelivery
            {
                Id = settlement.LetterId,
                Payload = attempted.Payload,
                Source = $"dead-letter:{attempted.Target.Name}",
                At = now,
                GroupId = attempted.Target.Name,
                TraceHeader = TraceOf(settlement),
                Attributes = LetterAttributes(settlement, end),
            });
        }
    }

    private TargetDelivery Record(Settlement settlement, EventEnd end, DateTimeOffset now)
    {
        var attempted = settlement.Attempted;
        var target = attempted.Target;
        return new TargetDelivery
        {
            Id = settlement.RecordId,
            Source = $"destination:{target.Name}",
            At = now,
            GroupId = target.Name,
            TraceHeader = TraceOf(settlement),
            Payload = new DestinationRecord
            {
                RequestId = attempted.Id,
                FunctionArn = (target with { Qualifier = target.Qualifier ?? "$LATEST" }).Arn(region),
                End = end,
                InvokeCount = settlement.Decision.Next.Attempts,
                At = now,
                Request = attempted.Payload,
                ExecutedVersion = settlement.Report.ExecutedVersion,
                IsFunctionError = settlement.Report.Result == AttemptResult.Failed,
                Response = settlement.Report.Response,
            }.ToJson(),
        };
    }

    /// <summary>What follows from an attempt belongs to it, otherwise to what the event belonged to.</summary>
    private static string? TraceOf(Settlement settlement) => settlement.Report.Trace is { IsNone: false } attempt
        ? XRayHeader.Format(attempt)
        : settlement.Attempted.TraceHeader;

    /// <summary>As AWS attaches them to dead letters; the code is the status of an Invoke, always 200.</summary>
    private static ImmutableSortedDictionary<string, MessageAttribute> LetterAttributes(
        Settlement settlement, EventEnd end)
    {
        var message = settlement.Decision.Next.LastError ?? Describe(end);
        return MessageContent.NoAttributes
            .Add("RequestID", new MessageAttribute("String", settlement.Attempted.Id, null))
            .Add("ErrorCode", new MessageAttribute("Number", 200.ToString(CultureInfo.InvariantCulture), null))
            .Add("ErrorMessage", new MessageAttribute(
                "String",
                message.Length > ErrorMessageLengthMax ? message[..ErrorMessageLengthMax] : message,
                null));
    }

    private static string Describe(EventEnd end) => end switch
    {
        EventEnd.Expired => "The event became too old before it succeeded.",
        EventEnd.TargetGone => "The target does not exist any more.",
        EventEnd.Disabled => "The function's reserved concurrency is 0.",
        EventEnd.Cancelled => "It was cancelled.",
        _ => "No attempt was left.",
    };
}
