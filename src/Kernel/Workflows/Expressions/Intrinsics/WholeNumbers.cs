using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>Numbers where the functions take whole ones: others are rounded, halves away from zero.</summary>
internal static class WholeNumbers
{
    private const double MaximumExactInteger = 9_007_199_254_740_992;

    /// <returns>The number, or null when it is none or too large to be exact.</returns>
    public static long? Rounded(DataValue value) =>
        value is DataNumber number && Math.Abs(number.Value) <= MaximumExactInteger
            ? (long)Math.Round(number.Value, MidpointRounding.AwayFromZero)
            : null;
}
