using Lambent.Kernel.Access;

namespace Lambent.Kernel.Objects;

/// <summary>A named collection of objects. Names are an account's own: two accounts may have a bucket of one name.
/// </summary>
public sealed record Bucket(AccountId Account, string Name, DateTimeOffset CreatedAt);

public interface IBucketTable
{
    Bucket? Get(AccountId account, string name);

    void Put(Bucket bucket);

    void Delete(AccountId account, string name);

    int Count(AccountId account);

    /// <summary>By name.</summary>
    IReadOnlyList<Bucket> List(AccountId account, string after, int limit);
}
