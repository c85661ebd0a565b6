namespace Lambent.Kernel.Metrics;

/// <summary>
/// How often which values occurred: a bucket is a 64th of a power of two, so that a value read back is within
/// <see cref="RelativeErrorMax"/> of one that was counted. Buckets are the same everywhere: histograms are added
/// without loss, in any order.
/// </summary>
/// <remarks>
/// A bucket's code is the top of the value's IEEE 754 bits: sign, exponent and the first six bits of the fraction. What
/// is kept are the 64 buckets of each power of two that occurred, which is half a kilobyte for each. Not thread-safe.
/// </remarks>
public sealed class MetricHistogram
{
    /// <summary>Half the width of a bucket, of its lower bound.</summary>
    public const double RelativeErrorMax = 1.0 / (2 * Parts);

    /// <summary>No code is above it.</summary>
    internal const int CodeMax = (1 << (12 + PartBits)) - 1;

    private const int PartBits = 6;
    private const int Parts = 1 << PartBits;
    private const int CodeShift = 52 - PartBits;
    private const int NegativeFrom = 1 << (11 + PartBits);

    private int[] exponents = new int[4];
    private long[][] chunks = new long[4][];
    private int used;
    private int last;

    public long Count { get; private set; }

    /// <summary>Counts a value; what is not a finite number is left out.</summary>
    public void Add(double value, long times = 1)
    {
        if (double.IsFinite(value) && times > 0)
        {
            AddCode(CodeOf(value), times);
        }
    }

    public void Add(MetricHistogram other)
    {
        for (var index = 0; index < other.used; index++)
        {
            var chunk = ChunkOf(other.exponents[index]);
            var added = other.chunks[index];
            for (var part = 0; part < Parts; part++)
            {
                chunk[part] += added[part];
            }
        }

        Count += other.Count;
    }

    /// <summary>
    /// The value that a share of the counted ones does not exceed (nearest rank), within the relative error.
    /// </summary>
    /// <param name="percent">0 to 100.</param>
    /// <returns>0 when nothing was counted.</returns>
    public double Percentile(double percent)
    {
        var rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Math.Max(1, Count));
        foreach (var (code, count) in InOrderOfValues())
        {
            rank -= count;
            if (rank <= 0)
            {
                return ValueOf(code);
            }
        }

        return 0;
    }

    /// <summary>Values that are at most the bound; a bucket that the bound lies in counts whole.</summary>
    public long CountUpTo(double bound)
    {
        var sum = 0L;
        foreach (var (code, count) in InOrderOfValues())
        {
            if (LowerBound(code) > bound)
            {
                break;
            }

            sum += count;
        }

        return sum;
    }

    /// <summary>The middles of the buckets that are not empty, from the smallest on, and their counts.</summary>
    public IEnumerable<(double Value, long Count)> Values() =>
        InOrderOfValues().Select(bucket => (ValueOf(bucket.Code), bucket.Count));

    /// <summary>The buckets that are not empty, in the order of their codes.</summary>
    internal IEnumerable<(int Code, long Count)> Buckets()
    {
        for (var index = 0; index < used; index++)
        {
            for (var part = 0; part < Parts; part++)
            {
                if (chunks[index][part] is not 0 and var count)
                {
                    yield return ((exponents[index] << PartBits) | part, count);
                }
            }
        }
    }

    internal void AddCode(int code, long times)
    {
        var exponent = code >> PartBits;
        var chunk = last < used && exponents[last] == exponent ? chunks[last] : ChunkOf(exponent);
        chunk[code & (Parts - 1)] += times;
        Count += times;
    }

    private static int CodeOf(double value) =>
        value == 0 ? 0 : (int)(BitConverter.DoubleToInt64Bits(value) >>> CodeShift);

    private static double ValueOf(int code) =>
        code == 0 ? 0 : (LowerBound(code) / 2) + (LowerBound(code + 1) / 2);

    private static double LowerBound(int code) => BitConverter.Int64BitsToDouble((long)code << CodeShift);

    private IEnumerable<(int Code, long Count)> InOrderOfValues() =>
        Buckets().Where(bucket => bucket.Code >= NegativeFrom).Reverse()
            .Concat(Buckets().Where(bucket => bucket.Code < NegativeFrom));

    /// <summary>Kept in the order of exponents; few occur, so that looking through them is quickest.</summary>
    private long[] ChunkOf(int exponent)
    {
        var place = Array.BinarySearch(exponents, 0, used, exponent);
        if (place < 0)
        {
            place = ~place;
            if (used == exponents.Length)
            {
                Array.Resize(ref exponents, used * 2);
                Array.Resize(ref chunks, used * 2);
            }

            Array.Copy(exponents, place, exponents, place + 1, used - place);
            Array.Copy(chunks, place, chunks, place + 1, used - place);
            exponents[place] = exponent;
            chunks[place] = new long[Parts];
            used++;
        }

        last = place;
        return chunks[place];
    }
}
