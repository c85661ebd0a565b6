namespace Lambent.Kernel.Scaling.Control;

/// <summary>The highest of a number within the last one to two windows, from two numbers.</summary>
/// <param name="Current">In the window that runs.</param>
/// <param name="Before">In the window before.</param>
/// <param name="BeganSeconds">When the one that runs began.</param>
public readonly record struct RecentPeak(double Current, double Before, double BeganSeconds)
{
    public double Highest => Math.Max(Current, Before);

    public RecentPeak Observe(double value, double nowSeconds, double windowSeconds) =>
        nowSeconds - BeganSeconds < windowSeconds ? this with { Current = Math.Max(Current, value) }
        : nowSeconds - BeganSeconds < 2 * windowSeconds ? new RecentPeak(value, Current, nowSeconds)
        : new RecentPeak(value, 0, nowSeconds);
}
