using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;

namespace Lambent.Server.Objects;

/// <summary>Which objects of a bucket are listed.</summary>
/// <param name="Prefix">Keys that begin so.</param>
/// <param name="Delimiter">Keys that are the same up to this are one common prefix; empty for none.</param>
/// <param name="After">Keys, and common prefixes, after this one.</param>
/// <param name="Limit">At most so many, common prefixes included.</param>
internal sealed record ListWish(string Prefix, string Delimiter, string After, int Limit);

/// <param name="Objects">By key.</param>
/// <param name="Prefixes">Common prefixes, in order.</param>
/// <param name="Next">Where the next page begins (after it); null for the last page.</param>
internal sealed record ObjectPage(
    IReadOnlyList<StoredObject> Objects, IReadOnlyList<string> Prefixes, string? Next);

/// <summary>Listings.</summary>
internal sealed partial class ObjectService
{
    public Result<ObjectPage> List(AccountId account, string bucket, ListWish wish) =>
        store.Read<Result<ObjectPage>>(transaction =>
        {
            if (transaction.Buckets.Get(account, bucket) is null)
            {
                return ObjectErrors.BucketNotFound(bucket);
            }

            var listing = new ObjectListing(wish);
            while (!listing.IsDone)
            {
                var rows = transaction.Objects.List(
                    account, bucket, listing.From, listing.IsAfter, listing.Before, listing.BatchSize);
                listing.Add(rows);
            }

            return listing.ToPage();
        });
}

/// <summary>Puts a page together, batch by batch; past a common prefix it goes on behind all that begin with it.
/// </summary>
internal sealed class ObjectListing
{
    private readonly ListWish wish;
    private readonly List<StoredObject> objects = [];
    private readonly List<string> prefixes = [];
    private string last = "";
    private bool isTruncated;

    public ObjectListing(ListWish wish)
    {
        this.wish = wish;
        Before = ObjectRules.After(wish.Prefix);
        (From, IsAfter) = Compare(wish.After, wish.Prefix) >= 0 && wish.After.Length > 0
            ? (wish.After, true)
            : (wish.Prefix, false);
        if (IsAfter && PrefixOf(wish.After) == wish.After)
        {
            SkipPast(wish.After);
        }

        IsDone |= wish.Limit == 0;
    }

    public string From { get; private set; }

    public bool IsAfter { get; private set; }

    public string? Before { get; }

    public bool IsDone { get; private set; }

    /// <summary>One more than is wanted, so that the end of the page is known to be the end of all or not.</summary>
    public int BatchSize => wish.Limit - Count + 1;

    private int Count => objects.Count + prefixes.Count;

    public void Add(IReadOnlyList<StoredObject> rows)
    {
        var size = BatchSize;
        foreach (var row in rows)
        {
            if (Count == wish.Limit)
            {
                (isTruncated, IsDone) = (true, true);
                return;
            }

            if (PrefixOf(row.Name.Key) is { } prefix)
            {
                prefixes.Add(prefix);
                last = prefix;
                SkipPast(prefix);
                return;
            }

            objects.Add(row);
            (last, From, IsAfter) = (row.Name.Key, row.Name.Key, true);
        }

        IsDone = rows.Count < size;
    }

    public ObjectPage ToPage() => new(objects, prefixes, isTruncated ? last : null);

    private void SkipPast(string prefix)
    {
        if (ObjectRules.After(prefix) is { } behind && (Before is null || Compare(behind, Before) < 0))
        {
            (From, IsAfter) = (behind, false);
        }
        else
        {
            IsDone = true;
        }
    }

    private string? PrefixOf(string key)
    {
        if (wish.Delimiter.Length == 0 || !key.StartsWith(wish.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = key.IndexOf(wish.Delimiter, wish.Prefix.Length, StringComparison.Ordinal);
        return end < 0 ? null : key[..(end + wish.Delimiter.Length)];
    }

    /// <summary>As the store has keys in order.</summary>
    private static int Compare(string one, string other) =>
        Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
