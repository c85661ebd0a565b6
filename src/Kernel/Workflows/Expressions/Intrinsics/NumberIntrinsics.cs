using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>The intrinsic functions for numbers, and those that need chance.</summary>
internal static class NumberIntrinsics
{
    /// <summary>The sum, which must be within 32 bits.</summary>
    public static IntrinsicResult Add(DataValue first, DataValue second)
    {
        if (WholeNumbers.Rounded(first) is not { } left || WholeNumbers.Rounded(second) is not { } right)
        {
            return IntrinsicResult.Failed("the arguments are not both numbers");
        }

        var sum = left + right;
        return sum is >= int.MinValue and <= int.MaxValue
            ? DataNumber.Of(sum)
            : IntrinsicResult.Failed($"the sum {sum} is not between {int.MinValue} and {int.MaxValue}");
    }

    /// <summary>A number from the first, included, to the second, excluded; with a seed always the same one.</summary>
    public static IntrinsicResult Random(IReadOnlyList<DataValue> given, Func<double> chance)
    {
        if (WholeNumbers.Rounded(given[0]) is not { } from || WholeNumbers.Rounded(given[1]) is not { } to)
        {
            return IntrinsicResult.Failed("the first two arguments are not both numbers");
        }

        if (from >= to)
        {
            return IntrinsicResult.Failed("the first argument must be smaller than the second");
        }

        if (given.Count == 2)
        {
            return Between(from, to, chance());
        }

        return WholeNumbers.Rounded(given[2]) is { } seed
            ? Between(from, to, Scrambled(seed))
            : IntrinsicResult.Failed("the third argument is not a number");
    }

    /// <summary>A random UUID, version 4.</summary>
    public static IntrinsicResult Uuid(Func<double> chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)(chance() * 256);
        }

        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new DataText(new Guid(bytes, bigEndian: true).ToString());
    }

    // A fraction just below one can be rounded up to the excluded end.
    private static DataNumber Between(long from, long to, double fraction) =>
        DataNumber.Of(Math.Min(to - 1, from + (long)(fraction * (to - from))));

    // One step of SplitMix64: seeds next to each other give numbers far apart.
    private static double Scrambled(long seed)
    {
        var mixed = unchecked((ulong)seed + 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        mixed ^= mixed >> 31;
        return (mixed >> 11) * (1.0 / (1UL << 53));
    }
}
