using System.Globalization;
using System.Security.Cryptography;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// Users of the host that own nothing and that environments run as, each one its own. With them, what a sandbox should
/// show by mistake is as readable as to any stranger, and environments cannot signal or inspect one another even where
/// they should meet.
/// </summary>
internal sealed class UserRange
{
    /// <summary>The part of the user ids that systemd's list of ranges gives to nobody.</summary>
    private const uint UnassignedStart = 0x7000_0000;
    private const uint UnassignedCount = 0x10_0000;

    /// <summary>In a container with the usual 65,536 users: above the distribution's, below nobody.</summary>
    private const uint ContainerStart = 30_000;
    private const uint ContainerCount = 30_000;

    private readonly Lock gate = new();
    private readonly HashSet<uint> taken = [];
    private readonly uint start;
    private readonly uint count;
    private uint next;

    private UserRange(uint start, uint count)
    {
        this.start = start;
        this.count = count;
        next = (uint)RandomNumberGenerator.GetInt32((int)count);
    }

    /// <summary>The range on this machine; null when this program may not become another user.</summary>
    public static UserRange? TryCreate() => TryCreate(File.ReadLines("/proc/self/uid_map"));

    /// <param name="map">The lines of /proc/self/uid_map: first inside, first outside, count.</param>
    public static UserRange? TryCreate(IEnumerable<string> map)
    {
        var ranges = map
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(fields => (
                First: uint.Parse(fields[0], CultureInfo.InvariantCulture),
                Count: uint.Parse(fields[2], CultureInfo.InvariantCulture)))
            .ToList();
        bool Covers(uint first, uint length) => ranges.Any(
            range => range.First <= first && (ulong)first + length <= (ulong)range.First + range.Count);
        return Covers(UnassignedStart, UnassignedCount) ? new UserRange(UnassignedStart, UnassignedCount)
            : Covers(ContainerStart, ContainerCount) ? new UserRange(ContainerStart, ContainerCount)
            : null;
    }

    public uint Take()
    {
        lock (gate)
        {
            // Far fewer environments than users run at a time, so this ends after a step or two.
            while (!taken.Add(start + (next % count)))
            {
                next++;
            }

            return start + (next++ % count);
        }
    }

    public void Return(uint user)
    {
        lock (gate)
        {
            taken.Remove(user);
        }
    }
}
