using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>An event that was taken.</summary>
/// <param name="EventId">Its id; of the first one when the idempotency key was used before.</param>
/// <param name="IsRepeat">Whether it was there already.</param>
internal readonly record struct Acceptance(string EventId, bool IsRepeat);

/// <summary>Takes events. When a task completes, what it answers is on stable storage.</summary>
internal sealed class EventInbox(IStore store, LaneBoard board, DeliveryMeter meter)
{
    public Task<Result<Acceptance>> AcceptAsync(AsyncEvent accepted, CancellationToken cancellation) =>
        AcceptAsync(accepted, idempotencyKey: null, cancellation);

    /// <summary>
    /// Takes an event, once for each key: the same key with the same event again answers the first one's id, with
    /// another event it is refused. A key is remembered for <see cref="Limits.EventResultRetention"/>, and so is the
    /// result of its event.
    /// </summary>
    public async Task<Result<Acceptance>> AcceptAsync(
        AsyncEvent accepted, string? idempotencyKey, CancellationToken cancellation)
    {
        if (idempotencyKey is not null)
        {
            accepted = accepted with { Policy = accepted.Policy with { KeepsResult = true } };
        }

        var lane = accepted.Lane;
        var isReady = accepted.DueAt <= accepted.AcceptedAt;
        board.Expect(lane, accepted.Id);
        Result<Acceptance> result;
        try
        {
            result = await store.WriteAsync<Acceptance>(
                transaction => Put(transaction, accepted, isReady, idempotencyKey), cancellation);
        }
        catch
        {
            board.Abandon(lane, accepted.Id);
            throw;
        }

        if (result is { IsSuccess: true, Value.IsRepeat: false })
        {
            meter.Accept(lane);
            board.Arrive(accepted, isReady);
        }
        else
        {
            board.Withdraw(lane, accepted.Id);
        }

        return result;
    }

    private static Result<Acceptance> Put(
        ITransaction transaction, AsyncEvent accepted, bool isReady, string? idempotencyKey)
    {
        if (idempotencyKey is not null)
        {
            var digest = DigestOf(accepted);
            if (transaction.EventKeys.Find(accepted.Lane, idempotencyKey, accepted.AcceptedAt) is { } used)
            {
                return used.Digest == digest
                    ? new Acceptance(used.EventId, IsRepeat: true)
                    : new Error(
                        ErrorCode.IdempotencyKeyReused,
                        $"The idempotency key '{idempotencyKey}' was used for another event, {used.EventId}.",
                        "idempotencyKey");
            }

            transaction.EventKeys.Put(
                accepted.Lane,
                idempotencyKey,
                new EventKey(accepted.Id, digest, accepted.AcceptedAt + Limits.EventResultRetention));
        }

        transaction.Events.Add(accepted, isReady ? EventState.Ready : EventState.Waiting);
        return new Acceptance(accepted.Id, IsRepeat: false);
    }

    /// <summary>Of all that its sender said.</summary>
    private static string DigestOf(AsyncEvent accepted)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(accepted.Target.Qualifier);
        Add(accepted.ClientContext);
        Add((accepted.FirstDueAt - accepted.AcceptedAt).Ticks.ToString(CultureInfo.InvariantCulture));
        Add(accepted.Policy.Priority.ToString(CultureInfo.InvariantCulture));
        hash.AppendData(accepted.Payload.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string? part) => hash.AppendData(Encoding.UTF8.GetBytes($"{part?.Length ?? -1}:{part};"));
    }
}
