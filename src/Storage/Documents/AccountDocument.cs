using Lambent.Kernel;
using Lambent.Kernel.Access;

namespace Lambent.Storage.Documents;

internal sealed class AccountDocument
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public int ConcurrencyLimit { get; set; } = Limits.AccountConcurrencyDefault;

    public static AccountDocument From(Account account) => new()
    {
        Id = account.Id.Value,
        Name = account.Name,
        CreatedAt = account.CreatedAt,
        ConcurrencyLimit = account.ConcurrencyLimit,
    };

    public Account ToAccount() => new()
    {
        Id = AccountId.Parse(Id),
        Name = Name,
        CreatedAt = CreatedAt,
        ConcurrencyLimit = ConcurrencyLimit,
    };
}

internal sealed class AccessKeyDocument
{
    public required string Id { get; set; }

    public required string Secret { get; set; }

    public required string Account { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public static AccessKeyDocument From(AccessKey key) => new()
    {
        Id = key.Id,
        Secret = key.Secret,
        Account = key.Account.Value,
        CreatedAt = key.CreatedAt,
    };

    public AccessKey ToKey() => new()
    {
        Id = Id,
        Secret = Secret,
        Account = AccountId.Parse(Account),
        CreatedAt = CreatedAt,
    };
}
