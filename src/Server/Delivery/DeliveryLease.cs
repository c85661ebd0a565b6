using Lambent.Kernel;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>
/// The right to deliver events. Whoever has it puts its epoch into every transaction that ends or changes an event, so
/// that a node which was replaced without knowing it can change nothing any more.
/// </summary>
/// <param name="store">Where the lease is.</param>
/// <param name="holder">This process; no two have the same.</param>
/// <param name="replaces">Whether nobody else can be running: the embedded store is one process's alone.</param>
/// <param name="time">The clock.</param>
internal sealed class DeliveryLease(IStore store, string holder, bool replaces, TimeProvider time)
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private const string Name = "delivery";

    private long epoch;

    /// <summary>Whether other nodes write to the store as well; what they write comes to nobody's notice here.</summary>
    public bool SharesStore => !replaces;

    /// <summary>Another node delivers, and knows what became of the event.</summary>
    public static Error Lost { get; } = new(ErrorCode.Draining, "Another node delivers events now.");

    /// <summary>Takes or renews it.</summary>
    /// <returns>Until when nobody else can take it; null when somebody else has it.</returns>
    public async Task<DateTimeOffset?> TakeAsync(CancellationToken cancellation)
    {
        var taken = await store.WriteAsync<Lease?>(
            transaction =>
            {
                var current = transaction.Leases.Get(Name);
                var next = Lease.Take(current, Name, holder, time.GetUtcNow(), Duration, replaces);
                if (next is not null)
                {
                    transaction.Leases.Put(next);
                }

                return next;
            },
            cancellation);
        if (taken.Value is not { } lease)
        {
            return null;
        }

        Volatile.Write(ref epoch, lease.Epoch);
        return lease.ExpiresAt;
    }

    /// <summary>
    /// Whether this process has it, as the transaction sees it. That it expired does not matter as long as nobody else
    /// took it.
    /// </summary>
    public bool IsHeld(ITransaction transaction) =>
        transaction.Leases.Get(Name) is { } lease && lease.Holder == holder && lease.Epoch == Volatile.Read(ref epoch);
}
