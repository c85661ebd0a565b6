using System.Buffers.Text;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Webhooks;

/// <summary>The only way to change webhooks.</summary>
internal sealed class WebhookService(IStore store, WebhookDirectory directory, OutboundGuard guard, TimeProvider time)
{
    private const int TokenBytes = 32;

    public IReadOnlyList<Webhook> List(AccountId account, string? afterName, int limit) =>
        store.Read(transaction => transaction.Webhooks.List(account, afterName, limit));

    public Result<Webhook> Find(WebhookId id) =>
        store.Read(transaction => transaction.Webhooks.Get(id)) is { } webhook ? webhook : NotFound(id);

    /// <summary>Makes a webhook, durably. One of this name must not be there.</summary>
    public async Task<Result<IssuedWebhook>> CreateAsync(WebhookDraft draft, CancellationToken cancellation)
    {
        var webhook = Build(draft);
        if ((WebhookRules.Check(webhook) ?? CheckAddress(webhook)) is { } wrong)
        {
            return wrong;
        }

        var created = await store.WriteAsync<Webhook>(transaction => Create(transaction, webhook), cancellation);
        directory.Refresh(draft.Id.Account);
        return created.Select(made => new IssuedWebhook(made, made.Secrets.FirstOrDefault()?.Text));
    }

    public async Task<Result<Done>> DeleteAsync(WebhookId id, CancellationToken cancellation)
    {
        var deleted = await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Webhooks.Get(id) is null)
                {
                    return NotFound(id);
                }

                transaction.Webhooks.Delete(id);
                return Done.Value;
            },
            cancellation);
        directory.Refresh(id.Account);
        return deleted;
    }

    /// <summary>Changes the secret; the one before counts for <paramref name="overlap"/> longer.</summary>
    /// <param name="secret">Null: one is made.</param>
    public async Task<Result<IssuedWebhook>> RotateAsync(
        WebhookId id, string? secret, TimeSpan overlap, CancellationToken cancellation)
    {
        var command = new RotateSecret(secret ?? NewSecret(), overlap);
        var rotated = await ChangeAsync(
            id, webhook => RotateSecret.Apply(webhook, command, time.GetUtcNow()), cancellation);
        return rotated.Select(webhook => new IssuedWebhook(webhook, command.Secret));
    }

    /// <summary>Sends no more callbacks, or does so again when there is no reason not to.</summary>
    /// <param name="reason">Why not; null: they are wanted again.</param>
    public Task<Result<Webhook>> DisableAsync(
        WebhookId id, string? reason, CancellationToken cancellation = default) =>
        ChangeAsync(
            id,
            webhook => webhook.Outbound is { } callback
                ? webhook with
                {
                    Outbound = callback with { DisabledReason = reason },
                    LastModifiedAt = time.GetUtcNow(),
                }
                : new Error(ErrorCode.InvalidParameter, "The webhook calls nobody.", "name"),
            cancellation);

    public static Error NotFound(WebhookId id) =>
        new(ErrorCode.ResourceNotFound, $"There is no webhook '{id.Name}' in this account.", "name");

    /// <summary>
    /// Why requests cannot be handed to a target, or null: it must be there, in the webhook's account.
    /// </summary>
    private static Error? CheckTarget(ITransaction transaction, DeliveryTarget target, AccountId account)
    {
        if (target.Account != account)
        {
            return new Error(
                ErrorCode.InvalidParameter, "The target is not of the webhook's account.", "target");
        }

        var isThere = target.Kind == DeliveryTargetKind.Queue
            ? transaction.Queues.Get(target.Queue) is not null
            : transaction.Functions.Get(target.Function) is { } function
                && EventInvokeRules.Exists(function, target.Qualifier);
        return isThere ? null : target.Kind == DeliveryTargetKind.Queue
            ? new Error(ErrorCode.QueueNotFound, $"There is no queue '{target.Name}' in this account.", "target")
            : new Error(
                ErrorCode.FunctionNotFound,
                $"Function not found: {target.Name}{(target.Qualifier is null ? "" : $":{target.Qualifier}")}",
                "target");
    }

    private static Result<Webhook> Create(ITransaction transaction, Webhook webhook)
    {
        if (transaction.Webhooks.Get(webhook.Id) is not null)
        {
            return new Error(
                ErrorCode.ResourceConflict, $"There is a webhook '{webhook.Id.Name}' already.", "name");
        }

        if (transaction.Webhooks.List(webhook.Id.Account, null, Limits.WebhooksPerAccountMax).Count
            >= Limits.WebhooksPerAccountMax)
        {
            return new Error(
                ErrorCode.LimitExceeded, $"An account has at most {Limits.WebhooksPerAccountMax} webhooks.");
        }

        if (webhook.Inbound is { } source
            && CheckTarget(transaction, source.Target, webhook.Id.Account) is { } missing)
        {
            return missing;
        }

        transaction.Webhooks.Put(webhook);
        return webhook;
    }

    private static string NewSecret() =>
        StandardSignature.Secret(RandomNumberGenerator.GetBytes(StandardSignature.SecretBytes));

    private async Task<Result<Webhook>> ChangeAsync(
        WebhookId id, Func<Webhook, Result<Webhook>> apply, CancellationToken cancellation)
    {
        var changed = await store.WriteAsync<Webhook>(
            transaction =>
            {
                if (transaction.Webhooks.Get(id) is not { } webhook)
                {
                    return NotFound(id);
                }

                var applied = apply(webhook);
                if (applied.IsSuccess)
                {
                    transaction.Webhooks.Put(applied.Value);
                }

                return applied;
            },
            cancellation);
        directory.Refresh(id.Account);
        return changed;
    }

    private Webhook Build(WebhookDraft draft)
    {
        var now = time.GetUtcNow();
        var isSigned = draft.Url is not null || draft.Scheme != SignatureScheme.None;
        var secret = draft.Secret ?? (isSigned ? NewSecret() : null);
        return new Webhook
        {
            Id = draft.Id,
            Secrets = secret is null ? [] : [new WebhookSecret(secret, now)],
            CreatedAt = now,
            LastModifiedAt = now,
            Inbound = draft.Target is null ? null : new WebhookSource
            {
                Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)),
                Scheme = draft.Scheme,
                Format = draft.Format,
                ToleranceSeconds = draft.ToleranceSeconds ?? Limits.WebhookToleranceSecondsDefault,
                Target = draft.Target,
                Payload = draft.Payload,
                DeliveryHeader = draft.DeliveryHeader,
                RateMax = draft.RateMax ?? Limits.WebhookRateDefault,
            },
            Outbound = draft.Url is null ? null : new WebhookCallback
            {
                Url = draft.Url,
                Types = draft.Types.IsEmpty ? ["*"] : draft.Types,
                Subject = draft.Subject,
            },
        };
    }

    /// <summary>What can be told without asking for the name; the rest is told at each attempt.</summary>
    private Error? CheckAddress(Webhook webhook) =>
        webhook.Outbound is { } callback && guard.Refusal(new Uri(callback.Url)) is { } refusal
            ? new Error(
                ErrorCode.InvalidParameter,
                $"Callbacks may not go there: {refusal}. The operator allows networks with "
                + "`lambent up --callback-allow`.",
                "url")
            : null;
}
