using System.Globalization;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Access;

/// <summary>A new account and its first key; the only time the secret is shown.</summary>
public sealed record NewAccount(Account Account, AccessKey Key);

/// <summary>The only way to change accounts and their keys; keeps the directory of keys up to date.</summary>
public sealed class AccountService(IStore store, AccessKeyDirectory directory, TimeProvider time)
{
    /// <summary>
    /// Removes what is kept of an account outside the store, its logs. Called after an account was deleted, and again
    /// before its id is given to a new one, who must not find what an interruption left.
    /// </summary>
    public Func<AccountId, Task> ForgetAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Raised after the calls in flight that an account may have were changed.</summary>
    public event Action<AccountId>? LimitChanged;

    /// <summary>Raised after an account was deleted: what is kept of it in memory goes.</summary>
    public event Action<AccountId>? Deleted;

    /// <summary>
    /// Sets how many calls of an account may be in flight. Fails with InvalidParameter or AccountNotFound. Calls above
    /// a lower limit end as they would; what is reserved or provisioned stays.
    /// </summary>
    /// <param name="id">The account.</param>
    /// <param name="limit">1 to <see cref="Limits.AccountConcurrencyMax"/>.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<Result<Account>> LimitConcurrencyAsync(
        AccountId id, int limit, CancellationToken cancellation = default)
    {
        if (limit is < 1 or > Limits.AccountConcurrencyMax)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                $"The concurrency must be 1 to {Limits.AccountConcurrencyMax}, not {limit}.",
                "concurrency");
        }

        var result = await store.WriteAsync<Account>(
            transaction =>
            {
                if (transaction.Accounts.Get(id) is not { } account)
                {
                    return NotFound(id);
                }

                var limited = account with { ConcurrencyLimit = limit };
                transaction.Accounts.Put(limited);
                return limited;
            },
            cancellation);
        if (result.IsSuccess)
        {
            LimitChanged?.Invoke(id);
        }

        return result;
    }

    /// <summary>Makes an account with one key. Fails with InvalidParameter or ResourceConflict.</summary>
    /// <param name="name">For people; need not be unique. 1 to 50 printable characters.</param>
    /// <param name="id">Null: twelve random digits.</param>
    public async Task<Result<NewAccount>> CreateAsync(
        string name, AccountId? id = null, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(name)
            || name.Length > Limits.AccountNameLengthMax
            || name.Any(char.IsControl))
        {
            return new Error(
                ErrorCode.InvalidParameter,
                $"The account's name must have 1 to {Limits.AccountNameLengthMax} printable characters.",
                "Name");
        }

        if (id is { } wanted && store.Read(transaction => transaction.Accounts.Get(wanted)) is null)
        {
            await ForgetAsync(wanted);
        }

        var created = new Account { Id = id ?? RandomId(), Name = name, CreatedAt = time.GetUtcNow() };
        var key = NewKey(created.Id);
        var result = await store.WriteAsync<NewAccount>(
            transaction =>
            {
                if (transaction.Accounts.Get(created.Id) is not null)
                {
                    return new Error(ErrorCode.ResourceConflict, $"The account {created.Id} exists already.", "Id");
                }

                transaction.Accounts.Put(created);
                transaction.Accounts.PutKey(key);
                return new NewAccount(created, key);
            },
            cancellation);
        directory.Refresh(created.Id);
        return result;
    }

    /// <summary>All accounts by id.</summary>
    public IReadOnlyList<Account> List() => store.Read(transaction => transaction.Accounts.List());

    /// <summary>
    /// Deletes an account and its keys. Fails with AccountNotFound, with ResourceConflict while it has functions,
    /// layers, queues, buckets, schedules, webhooks, state machines or event source mappings, and with
    /// NotSupported for the root account.
    /// </summary>
    public async Task<Result<Done>> DeleteAsync(AccountId id, CancellationToken cancellation = default)
    {
        if (id == AccountId.Root)
        {
            return new Error(ErrorCode.NotSupported, "The root account cannot be deleted.", "Id");
        }

        var result = await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Accounts.Get(id) is null)
                {
                    return NotFound(id);
                }

                if (Remaining(transaction, id) is { } remaining)
                {
                    return new Error(
                        ErrorCode.ResourceConflict, $"The account {id} still has {remaining}: delete them first.");
                }

                transaction.Executions.DeleteOf(id);
                transaction.Events.DeleteOf(id);
                transaction.EventResults.DeleteOf(id);
                transaction.EventKeys.DeleteOf(id);
                transaction.BrowserSessions.DeleteOf(id);
                transaction.Accounts.Delete(id);
                return Done.Value;
            },
            cancellation);
        directory.Refresh(id);
        if (result.IsSuccess)
        {
            Deleted?.Invoke(id);
            await ForgetAsync(id);
        }

        return result;
    }

    /// <summary>What must be deleted before its account, or null.</summary>
    private static string? Remaining(ITransaction transaction, AccountId id) =>
        transaction.Functions.Count(id) is > 0 and var count ? $"{count} function{(count == 1 ? "" : "s")}"
        : transaction.Layers.ListNewest(id, null, 1).Count > 0 ? "layers"
        : transaction.Queues.List(id, "", null, 1).Count > 0 ? "queues"
        : transaction.Buckets.Count(id) > 0 ? "buckets"
        : transaction.Mappings.List(id, new MappingQuery(), null, 1).Count > 0 ? "event source mappings"
        : transaction.Schedules.Count(id) > 0 || transaction.Schedules.ListGroups(id, "", null, 1).Count > 0
            ? "schedules, or groups of them"
        : transaction.Webhooks.List(id, null, 1).Count > 0 ? "webhooks"
        : transaction.Alerts.List(id, null, 1).Count > 0 ? "alerts"
        : transaction.StateMachines.List(id, "", 1).Count > 0 || transaction.Activities.List(id, "", 1).Count > 0
            ? "state machines or activities"
        : null;

    /// <summary>A further key; shown this once. Fails with AccountNotFound or LimitExceeded.</summary>
    public async Task<Result<AccessKey>> CreateKeyAsync(AccountId account, CancellationToken cancellation = default)
    {
        var key = NewKey(account);
        var result = await store.WriteAsync<AccessKey>(
            transaction =>
            {
                if (transaction.Accounts.Get(account) is null)
                {
                    return NotFound(account);
                }

                if (transaction.Accounts.ListKeys(account).Count >= Limits.AccessKeysPerAccountMax)
                {
                    return new Error(
                        ErrorCode.LimitExceeded,
                        $"The account {account} has {Limits.AccessKeysPerAccountMax} access keys: delete one first.",
                        Reason: "AccessKeysPerAccount");
                }

                transaction.Accounts.PutKey(key);
                return key;
            },
            cancellation);
        directory.Refresh(account);
        return result;
    }

    /// <summary>The keys of an account, with their secrets: what is shown of them is the caller's to choose.</summary>
    public Result<IReadOnlyList<AccessKey>> ListKeys(AccountId account) =>
        store.Read<Result<IReadOnlyList<AccessKey>>>(transaction => transaction.Accounts.Get(account) is null
            ? NotFound(account)
            : new List<AccessKey>(transaction.Accounts.ListKeys(account)));

    /// <summary>
    /// Deletes a key; requests signed with it fail from now on. Fails with ResourceNotFound, and with ResourceConflict
    /// for the last key of the root account, without which nobody could get in again.
    /// </summary>
    public async Task<Result<Done>> DeleteKeyAsync(
        AccountId account, string accessKeyId, CancellationToken cancellation = default)
    {
        var result = await store.WriteAsync<Done>(
            transaction =>
            {
                // A key of another account is as good as none: its existence is not this caller's to know.
                if (transaction.Accounts.GetKey(accessKeyId)?.Account != account)
                {
                    return new Error(
                        ErrorCode.ResourceNotFound, $"The account {account} has no access key {accessKeyId}.", "KeyId");
                }

                if (account == AccountId.Root && transaction.Accounts.ListKeys(account).Count == 1)
                {
                    return new Error(
                        ErrorCode.ResourceConflict,
                        "The last access key of the root account cannot be deleted: create another one first.");
                }

                transaction.Accounts.DeleteKey(accessKeyId);
                return Done.Value;
            },
            cancellation);
        directory.Refresh(account);
        return result;
    }

    /// <summary>The root account with at least one key, made at the first start; returns its oldest key.</summary>
    public async Task<Result<AccessKey>> EnsureRootAsync(CancellationToken cancellation = default)
    {
        var account = new Account { Id = AccountId.Root, Name = "root", CreatedAt = time.GetUtcNow() };
        var fresh = NewKey(AccountId.Root);
        var result = await store.WriteAsync<AccessKey>(
            transaction =>
            {
                if (transaction.Accounts.Get(AccountId.Root) is null)
                {
                    transaction.Accounts.Put(account);
                }

                if (transaction.Accounts.ListKeys(AccountId.Root) is [_, ..] keys)
                {
                    return keys.MinBy(key => key.CreatedAt)!;
                }

                transaction.Accounts.PutKey(fresh);
                return fresh;
            },
            cancellation);
        directory.Refresh(AccountId.Root);
        return result;
    }

    private AccessKey NewKey(AccountId account) => new()
    {
        Id = AccessKeyText.NewId(),
        Secret = AccessKeyText.NewSecret(),
        Account = account,
        CreatedAt = time.GetUtcNow(),
    };

    /// <summary>Never with a leading zero: spreadsheets and YAML readers would take it away.</summary>
    private static AccountId RandomId()
    {
        var high = RandomNumberGenerator.GetInt32(100_000, 1_000_000);
        var low = RandomNumberGenerator.GetInt32(0, 1_000_000);
        return AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"{high:D6}{low:D6}"));
    }

    private static Error NotFound(AccountId id) => new(ErrorCode.AccountNotFound, $"There is no account {id}.", "Id");
}
