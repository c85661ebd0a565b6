namespace Lambent.Kernel.Scaling;

/// <summary>
/// What is remembered of a function's calls to keep its environments by: its idle times, and the same for further
/// environments. With the environment used last used first, the environment that makes the second call at a time was
/// last used when there last were two, so the time since then is its idle time, whether or not it still exists.
/// Takes less than 1 KB. Times are since any fixed origin. Not safe for several threads at once.
/// </summary>
/// <param name="settlingTime">Shorter idle times are not remembered, see <see cref="KeepAliveOptions"/>.</param>
public sealed class DemandHistory(TimeSpan settlingTime)
{
    /// <summary>Calls at a time beyond this many leave no trace.</summary>
    public const int LevelsMax = 32;

    public const int SerializedBytes = 2 * IdleHistory.SerializedBytes;

    private readonly TimeSpan[] levelEnds = new TimeSpan[LevelsMax];
    private int levelsSeen;

    /// <summary>Times without any call.</summary>
    public IdleHistory First { get; private init; } = new();

    /// <summary>Times between needing a second (third, …) environment and needing it again.</summary>
    public IdleHistory Further { get; private init; } = new();

    /// <summary>When the last call ended, or null when none has or one runs.</summary>
    public TimeSpan? IdleSince { get; private set; }

    /// <summary>One environment more is in use, now this many.</summary>
    public void Rise(int level, TimeSpan now)
    {
        IdleSince = null;
        if (level > levelsSeen)
        {
            return;
        }

        var idle = now - levelEnds[level - 1];
        if (idle > settlingTime)
        {
            (level == 1 ? First : Further).Add(idle);
        }
    }

    /// <summary>One environment fewer is in use, until now this many.</summary>
    public void Fall(int level, TimeSpan now)
    {
        IdleSince = level == 1 ? now : null;
        if (level <= LevelsMax)
        {
            levelEnds[level - 1] = now;
            levelsSeen = Math.Max(levelsSeen, level);
        }
    }

    /// <summary>The idle times; what is going on now is not part of it.</summary>
    public byte[] ToBytes() => [.. First.ToBytes(), .. Further.ToBytes()];

    /// <summary>The history that <see cref="ToBytes"/> wrote; null for anything else.</summary>
    public static DemandHistory? FromBytes(ReadOnlySpan<byte> bytes, TimeSpan settlingTime) =>
        bytes.Length == SerializedBytes
        && IdleHistory.FromBytes(bytes[..IdleHistory.SerializedBytes]) is { } first
        && IdleHistory.FromBytes(bytes[IdleHistory.SerializedBytes..]) is { } further
            ? new DemandHistory(settlingTime) { First = first, Further = further }
            : null;
}
