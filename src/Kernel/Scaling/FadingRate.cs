namespace Lambent.Kernel.Scaling;

/// <summary>
/// A rate that forgets: what happened a minute ago counts about an eighth. One number, however much is counted.
/// </summary>
/// <param name="StartedAt">When counting began, in seconds of any clock that only goes forward.</param>
/// <param name="CountedAt">When the last was counted, by the same clock.</param>
/// <param name="Weight">What was counted, as far as it still counts then.</param>
public readonly record struct FadingRate(double StartedAt, double CountedAt, double Weight)
{
    private const double FadeSeconds = 30;

    public static FadingRate Begin(double now) => new(now, now, 0);

    public FadingRate Count(double amount, double now) => this with
    {
        CountedAt = now, Weight = Faded(now) + amount,
    };

    public double PerSecond(double now)
    {
        // At the beginning the window is as long as there has been time.
        var window = FadeSeconds * (1 - Math.Exp(-(now - StartedAt) / FadeSeconds));
        return Faded(now) / Math.Max(window, 1);
    }

    private double Faded(double now) => Weight * Math.Exp(-Math.Max(0, now - CountedAt) / FadeSeconds);
}
