using System.Globalization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Delivery;
using Lambent.Server.Functions;
using Lambent.Server.Queues;

namespace Lambent.Server.Webhooks;

/// <summary>
/// Tells programs outside what changed: each change becomes, in its own transaction, an event for each webhook that
/// wants it. So a callback is owed exactly when the change happened.
/// </summary>
internal sealed class StateChanges(
    WebhookDirectory directory, TargetWriter writer, string region, Func<string> newId, TimeProvider time)
    : IEventObserver, IFunctionObserver, IQueueObserver
{
    /// <summary>Callbacks that are owed for the end of an event; they are to be announced after the commit.</summary>
    public IEnumerable<DeliveryTarget> Ended(
        ITransaction transaction, AsyncEvent ended, EventEnd end, bool isDeadLettered, DateTimeOffset now)
    {
        var target = ended.Target;

        // The end of a callback is no change that callbacks tell of: that would never end.
        if (target.Kind is DeliveryTargetKind.Callback or DeliveryTargetKind.Email
            || end == EventEnd.Cancelled
            || !directory.HasAny(target.Account))
        {
            return [];
        }

        var type = end == EventEnd.Succeeded ? StateChange.EventDone : StateChange.EventFailed;
        var told = Put(transaction, target.Account, OfEvent(type, ended, end, now));
        return isDeadLettered
            ? told.Concat(Put(transaction, target.Account, OfEvent(StateChange.EventDeadLettered, ended, end, now)))
            : told;
    }

    public void Changing(ITransaction transaction, FunctionId id, Function? before, Function? after)
    {
        if (!directory.HasAny(id.Account) || TypeOf(before, after) is not { } type)
        {
            return;
        }

        var latest = (after ?? before)!.Latest;
        Put(transaction, id.Account, new StateChange
        {
            Type = type,
            Subject = id.Name,
            At = time.GetUtcNow(),
            Data =
            [
                new("functionArn", DeliveryTarget.OfFunction(id).Arn(region)),
                new("functionName", id.Name),
                new("revisionId", latest.RevisionId),
                new("publishedVersion", after?.LastPublishedVersion is > 0 and var version
                    ? version.ToString(CultureInfo.InvariantCulture)
                    : null),
                new("reason", type == StateChange.FunctionFailed
                    ? latest.LastUpdateStatusReason ?? latest.StateReason
                    : null),
            ],
        });
    }

    public void Changed(FunctionId id) => Announce(id.Account);

    public void Changing(ITransaction transaction, QueueId id, bool isDeleted)
    {
        if (directory.HasAny(id.Account))
        {
            Put(transaction, id.Account, new StateChange
            {
                Type = isDeleted ? StateChange.QueueDeleted : StateChange.QueueCreated,
                Subject = id.Name,
                At = time.GetUtcNow(),
                Data = [new("queueArn", id.Arn(region)), new("queueName", id.Name)],
            });
        }
    }

    public void Changed(QueueId id) => Announce(id.Account);

    /// <summary>Tells those named; without any named those that want such changes.</summary>
    /// <param name="transaction">The one in which it happens.</param>
    /// <param name="account">Whose.</param>
    /// <param name="change">What happened.</param>
    /// <param name="names">Of outbound webhooks.</param>
    /// <returns>What it was handed to; to be announced after the commit.</returns>
    public IReadOnlyList<DeliveryTarget> Tell(
        ITransaction transaction, AccountId account, StateChange change, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
        {
            return Put(transaction, account, change);
        }

        var body = change.ToJson();
        var told = new List<DeliveryTarget>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var target = new DeliveryTarget(account, DeliveryTargetKind.Callback, name);
            var delivery = new TargetDelivery
            {
                Id = newId(), Payload = body, Source = change.Type, At = change.At,
            };
            if (TargetWriter.Put(transaction, target, delivery).IsSuccess)
            {
                told.Add(target);
            }
        }

        return told;
    }

    private List<DeliveryTarget> Put(ITransaction transaction, AccountId account, StateChange change)
    {
        var told = new List<DeliveryTarget>();
        byte[]? body = null;
        foreach (var webhook in directory.Wanting(account, change))
        {
            var target = new DeliveryTarget(account, DeliveryTargetKind.Callback, webhook.Id.Name);
            var put = TargetWriter.Put(transaction, target, new TargetDelivery
            {
                Id = newId(),
                Payload = body ??= change.ToJson(),
                Source = change.Type,
                At = change.At,
            });
            if (put.IsSuccess)
            {
                told.Add(target);
            }
        }

        return told;
    }

    /// <summary>Wakes the delivery of all callbacks of an account; which were written is not remembered.</summary>
    private void Announce(AccountId account)
    {
        foreach (var name in directory.OutboundNames(account))
        {
            writer.Announce(new DeliveryTarget(account, DeliveryTargetKind.Callback, name));
        }
    }

    private StateChange OfEvent(string type, AsyncEvent ended, EventEnd end, DateTimeOffset now) => new()
    {
        Type = type,
        Subject = ended.Target.Name,
        At = now,
        Data =
        [
            new("eventId", ended.Id),
            new("targetArn", ended.Target.Arn(region)),
            new("source", ended.Source),
            new("condition", end.ToString()),
            new("attempts", ended.Attempts.ToString(CultureInfo.InvariantCulture)),
            new("acceptedAt", ended.AcceptedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            new("error", end == EventEnd.Succeeded ? null : ended.LastError),
        ],
    };

    /// <summary>A change is told when calls get it: not when it was asked for, and not that it is under way.</summary>
    private static string? TypeOf(Function? before, Function? after)
    {
        if (after is null)
        {
            return before is null ? null : StateChange.FunctionDeleted;
        }

        var latest = after.Latest;
        if (before is null)
        {
            return FinishActivation.IsNeeded(latest) ? null : StateChange.FunctionCreated;
        }

        var wasPending = FinishActivation.IsNeeded(before.Latest);
        if (wasPending && !FinishActivation.IsNeeded(latest))
        {
            return latest.State == FunctionState.Failed || latest.LastUpdateStatus == UpdateStatus.Failed
                ? StateChange.FunctionFailed
                : before.Latest.State == FunctionState.Pending ? StateChange.FunctionCreated
                : StateChange.FunctionUpdated;
        }

        return wasPending || FinishActivation.IsNeeded(latest) || before == after
            ? null
            : StateChange.FunctionUpdated;
    }
}
