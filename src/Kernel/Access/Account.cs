namespace Lambent.Kernel.Access;

/// <summary>A tenant: its own names, keys, limits and data.</summary>
public sealed record Account
{
    public required AccountId Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Calls in flight over all functions of the account.</summary>
    public int ConcurrencyLimit { get; init; } = Limits.AccountConcurrencyDefault;
}

/// <summary>
/// A long-lived key of an account. The secret signs requests and is stored because SigV4 needs it in clear.
/// </summary>
public sealed record AccessKey
{
    /// <summary>20 characters starting with AKIA.</summary>
    public required string Id { get; init; }

    public required string Secret { get; init; }

    public required AccountId Account { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
