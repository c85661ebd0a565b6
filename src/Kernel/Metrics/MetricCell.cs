using System.Buffers.Binary;

namespace Lambent.Kernel.Metrics;

/// <summary>
/// What happened to one thing in one minute, hour or day. Cells are added to each other without loss, in any order.
/// Not thread-safe.
/// </summary>
public sealed class MetricCell
{
    private const byte FormatVersion = 1;
    private const int CountersMax = 64;
    private const int MeasuresMax = 16;

    private readonly long[] counters = new long[CountersMax];
    private readonly MetricDistribution?[] measures = new MetricDistribution?[MeasuresMax];

    public long this[MetricCounter counter] => counters[(int)counter];

    /// <summary>Null when nothing was measured.</summary>
    public MetricDistribution? this[MetricMeasure measure] => measures[(int)measure];

    public bool IsEmpty => !counters.AsSpan().ContainsAnyExcept(0L)
        && measures.All(measure => measure is null or { Count: 0 });

    public void Count(MetricCounter counter, long amount = 1) => counters[(int)counter] += amount;

    public void Measure(MetricMeasure measure, double value) => Of((int)measure).Add(value);

    /// <summary>To measure into.</summary>
    public MetricDistribution Of(MetricMeasure measure) => Of((int)measure);

    public void Add(MetricCell other)
    {
        for (var index = 0; index < CountersMax; index++)
        {
            counters[index] += other.counters[index];
        }

        for (var index = 0; index < MeasuresMax; index++)
        {
            if (other.measures[index] is { Count: > 0 } added)
            {
                Of(index).Add(added);
            }
        }
    }

    /// <summary>
    /// Some tens of bytes: a version, the counters that are not 0, and of each measure its summary and the buckets that
    /// are not empty, as numbers of variable length.
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new List<byte>(128) { FormatVersion };
        Write(bytes, (ulong)counters.Count(counter => counter != 0));
        for (var index = 0; index < CountersMax; index++)
        {
            if (counters[index] != 0)
            {
                bytes.Add((byte)index);
                Write(bytes, ZigZag(counters[index]));
            }
        }

        for (var index = 0; index < MeasuresMax; index++)
        {
            if (measures[index] is { Count: > 0 } measure)
            {
                bytes.Add((byte)index);
                Write(bytes, measure);
            }
        }

        return [.. bytes];
    }

    /// <returns>Null when it is damaged, or written by a newer program.</returns>
    public static MetricCell? Read(ReadOnlySpan<byte> bytes)
    {
        var cell = new MetricCell();
        return cell.TryAdd(bytes) ? cell : null;
    }

    /// <summary>Adds a cell as it was written, without making one of it first.</summary>
    /// <returns>False when it is damaged, or written by a newer program; then nothing of it was added.</returns>
    public bool TryAdd(ReadOnlySpan<byte> bytes) => Walk(bytes, null) && Walk(bytes, this);

    /// <param name="bytes">A cell as it was written.</param>
    /// <param name="target">What it is added to; null: it is looked at only.</param>
    private static bool Walk(ReadOnlySpan<byte> bytes, MetricCell? target)
    {
        var reader = new Reader(bytes);
        if (reader.Byte() != FormatVersion)
        {
            return false;
        }

        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            var index = reader.Byte();
            var value = reader.Signed();
            if (index >= CountersMax)
            {
                return false;
            }

            if (target is not null)
            {
                target.counters[index] += value;
            }
        }

        while (!reader.Failed && !reader.AtEnd)
        {
            var index = reader.Byte();
            if (index >= MeasuresMax)
            {
                return false;
            }

            Walk(ref reader, target?.Of(index));
        }

        return !reader.Failed;
    }

    private static void Walk(ref Reader reader, MetricDistribution? target)
    {
        target?.AddSummary(reader.Signed(), reader.Double(), reader.Double(), reader.Double());
        if (target is null)
        {
            reader.Signed();
            reader.Skip(3 * sizeof(double));
        }

        var code = 0L;
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            code += (long)reader.Number();
            var times = reader.Signed();
            if (code is < 0 or > MetricHistogram.CodeMax || times <= 0)
            {
                reader.Fail();
                return;
            }

            target?.Histogram.AddCode((int)code, times);
        }
    }

    private static void Write(List<byte> bytes, MetricDistribution measure)
    {
        Write(bytes, ZigZag(measure.Count));
        Write(bytes, measure.Sum);
        Write(bytes, measure.Min);
        Write(bytes, measure.Max);
        var buckets = measure.Histogram.Buckets().ToList();
        Write(bytes, (ulong)buckets.Count);
        var before = 0;
        foreach (var (code, count) in buckets)
        {
            Write(bytes, (ulong)(code - before));
            Write(bytes, ZigZag(count));
            before = code;
        }
    }

    private static void Write(List<byte> bytes, ulong number)
    {
        while (number >= 0x80)
        {
            bytes.Add((byte)(number | 0x80));
            number >>= 7;
        }

        bytes.Add((byte)number);
    }

    private static void Write(List<byte> bytes, double number)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, number);
        bytes.AddRange(eight);
    }

    private static ulong ZigZag(long number) => (ulong)((number << 1) ^ (number >> 63));

    private MetricDistribution Of(int measure) => measures[measure] ??= new MetricDistribution();

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> rest = bytes;

        public bool Failed { get; private set; }

        public readonly bool AtEnd => rest.IsEmpty;

        public void Fail() => Failed = true;

        public void Skip(int bytes)
        {
            Failed |= rest.Length < bytes;
            rest = Failed ? [] : rest[bytes..];
        }

        public byte Byte()
        {
            if (rest.IsEmpty)
            {
                Failed = true;
                return 0;
            }

            var next = rest[0];
            rest = rest[1..];
            return next;
        }

        public ulong Number()
        {
            var number = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = Byte();
                number |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return number;
                }
            }

            Failed = true;
            return 0;
        }

        public long Signed()
        {
            var number = Number();
            return (long)(number >> 1) ^ -(long)(number & 1);
        }

        public double Double()
        {
            if (rest.Length < 8)
            {
                Failed = true;
                return 0;
            }

            var number = BinaryPrimitives.ReadDoubleLittleEndian(rest);
            rest = rest[8..];
            return number;
        }
    }
}
