namespace Lambent.Kernel.Scaling;

/// <summary>
/// How many generic environments of one kind will be wanted at once, learnt from how many were: the highest number
/// taken within <see cref="Window"/>, which fades with <see cref="HalfLife"/>.
/// </summary>
/// <param name="Peak">The fading maximum, as of <paramref name="WindowBegan"/>.</param>
/// <param name="Taken">Taken since <paramref name="WindowBegan"/>.</param>
/// <param name="WindowBegan">The start of the window that is being counted.</param>
/// <param name="Counted">Of the peak, what was counted and not guessed.</param>
public readonly record struct GenericDemand(double Peak, int Taken, DateTimeOffset WindowBegan, double Counted = 0)
{
    /// <summary>
    /// Burst lengths to be ready for: what is taken over a longer time is replaced while it lasts, at some twenty
    /// environments a second.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>A burst that does not come again is forgotten at this pace.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(15);

    /// <summary>What a kind begins with, when nothing is known of it: a first burst of this size finds room.</summary>
    public const int Initial = 128;

    /// <summary>What a kind keeps however long nobody asked for it.</summary>
    public const int Least = 1;

    public static GenericDemand Begin(DateTimeOffset now) => new(Initial, 0, now);

    /// <summary>
    /// Another kind is new here: what is deployed last is called next, and the guesses about all others lose half of
    /// their weight. What was counted stays.
    /// </summary>
    public GenericDemand GiveWay(DateTimeOffset now)
    {
        var current = At(now);
        return current with { Peak = Math.Max(current.Counted, current.Peak / 2) };
    }

    /// <summary>One was taken, or would have been had there been one.</summary>
    public GenericDemand Take(DateTimeOffset now)
    {
        var current = At(now);
        return current with { Taken = current.Taken + 1 };
    }

    /// <summary>How many to keep ready.</summary>
    public int Forecast(DateTimeOffset now)
    {
        var current = At(now);
        return Math.Max(Least, (int)Math.Ceiling(Math.Max(current.Peak, current.Taken) - 0.5));
    }

    private GenericDemand At(DateTimeOffset now)
    {
        var passed = now - WindowBegan;
        if (passed < Window)
        {
            return this;
        }

        var fading = Math.Pow(0.5, passed / HalfLife);
        return new GenericDemand(Math.Max(Peak, Taken) * fading, 0, now, Math.Max(Counted, Taken) * fading);
    }
}

/// <summary>One kind of generic environment that wants a part of the memory set aside for them.</summary>
/// <param name="Wanted">How many, by its forecast.</param>
/// <param name="Bytes">Memory of one, not counting what they share.</param>
public readonly record struct GenericShare(int Wanted, long Bytes)
{
    /// <summary>
    /// How many of each kind fit: all that are wanted when there is memory for them; otherwise each kind gets the same
    /// fraction of its wish, and one at least as long as one fits.
    /// </summary>
    public static int[] Divide(IReadOnlyList<GenericShare> shares, long budgetBytes)
    {
        var wantedBytes = shares.Sum(share => (double)share.Wanted * share.Bytes);
        var fraction = wantedBytes <= budgetBytes ? 1 : budgetBytes / wantedBytes;
        var counts = new int[shares.Count];
        var left = budgetBytes;
        for (var index = 0; index < counts.Length; index++)
        {
            counts[index] = (int)(shares[index].Wanted * fraction);
            left -= counts[index] * shares[index].Bytes;
        }

        for (var index = 0; index < counts.Length; index++)
        {
            if (counts[index] == 0 && shares[index].Wanted > 0 && shares[index].Bytes <= left)
            {
                counts[index] = 1;
                left -= shares[index].Bytes;
            }
        }

        return counts;
    }
}
