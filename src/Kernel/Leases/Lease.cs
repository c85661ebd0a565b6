namespace Lambent.Kernel.Leases;

/// <summary>
/// Who alone may do something, for a while. The epoch grows with each new holder: a write that carries an older one
/// comes from a holder that does not know yet that it was replaced, and is refused in the same transaction.
/// </summary>
/// <param name="Name">What it is for.</param>
/// <param name="Holder">A process; no two have the same.</param>
/// <param name="Epoch">1, 2, 3…</param>
/// <param name="ExpiresAt">From then on somebody else may take it. Until somebody does, it still holds.</param>
public sealed record Lease(string Name, string Holder, long Epoch, DateTimeOffset ExpiresAt)
{
    /// <summary>The lease when <paramref name="holder"/> takes or renews it; null when another one has it.</summary>
    /// <param name="current">As it is stored, or null when nobody ever had it.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="holder">Who wants it.</param>
    /// <param name="now">The time.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="replaces">Whether it is known that no other holder runs any more.</param>
    public static Lease? Take(
        Lease? current, string name, string holder, DateTimeOffset now, TimeSpan duration, bool replaces)
    {
        if (current is null)
        {
            return new Lease(name, holder, 1, now + duration);
        }

        if (current.Holder == holder)
        {
            return current with { ExpiresAt = now + duration };
        }

        return replaces || current.ExpiresAt <= now
            ? new Lease(name, holder, current.Epoch + 1, now + duration)
            : null;
    }
}

public interface ILeaseTable
{
    Lease? Get(string name);

    void Put(Lease lease);
}
