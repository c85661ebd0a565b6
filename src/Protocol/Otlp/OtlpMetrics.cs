namespace Lambent.Protocol.Otlp;

/// <summary>What was measured of a resource.</summary>
public sealed record OtlpMetricResource(
    IReadOnlyList<OtlpAttribute> Attributes, string ScopeName, string ScopeVersion, IReadOnlyList<OtlpMetric> Metrics);

/// <summary>A metric as OpenTelemetry's protocol has it (opentelemetry-proto, metrics/v1/metrics.proto, 1.x).</summary>
/// <param name="Name">Unique within its resource.</param>
/// <param name="Description">For people.</param>
/// <param name="Unit">As UCUM writes it.</param>
/// <param name="Points">All of one kind.</param>
public sealed record OtlpMetric(string Name, string Description, string Unit, IReadOnlyList<OtlpPoint> Points);

/// <summary>What a metric was in a stretch of time.</summary>
public abstract record OtlpPoint
{
    /// <summary>Nanoseconds since 1970.</summary>
    public ulong StartUnixNanoseconds { get; init; }

    /// <inheritdoc cref="StartUnixNanoseconds"/>
    public ulong EndUnixNanoseconds { get; init; }

    public IReadOnlyList<OtlpAttribute> Attributes { get; init; } = [];
}

/// <summary>What came to what was there: a sum that only grows, told in parts (delta temporality).</summary>
public sealed record OtlpCount(long Value) : OtlpPoint;

/// <summary>The same of what is not counted in whole numbers.</summary>
public sealed record OtlpAmount(double Value) : OtlpPoint;

/// <summary>How much there was.</summary>
public sealed record OtlpGauge(double Value) : OtlpPoint;

/// <summary>
/// How often which values occurred, in buckets of growing width (delta temporality). Bucket i has values above
/// base^i up to base^(i+1), where base is 2^(2^-scale).
/// </summary>
/// <param name="Count">Of values.</param>
/// <param name="Sum">Of values.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Scale">Of the buckets: a power of two has 2^scale of them.</param>
/// <param name="ZeroCount">Values that are 0.</param>
/// <param name="Offset">The number of the first bucket.</param>
/// <param name="BucketCounts">From the first bucket on.</param>
public sealed record OtlpHistogram(
    long Count, double Sum, double Min, double Max, int Scale, long ZeroCount, int Offset,
    IReadOnlyList<long> BucketCounts) : OtlpPoint;

/// <summary>OTLP's messages for metrics in their binary form.</summary>
public static class OtlpMetricProtobuf
{
    private const ulong Delta = 1;

    /// <summary>Writes an ExportMetricsServiceRequest.</summary>
    public static byte[] Write(IEnumerable<OtlpMetricResource> resources)
    {
        var writer = new ProtobufWriter();
        foreach (var resource in resources)
        {
            writer.Message(1, into =>
            {
                into.Message(1, inner => OtlpProtobuf.WriteAttributes(inner, 1, resource.Attributes));
                into.Message(2, scope =>
                {
                    OtlpProtobuf.WriteScopeName(scope, resource.ScopeName, resource.ScopeVersion);
                    foreach (var metric in resource.Metrics)
                    {
                        scope.Message(2, inner => Write(inner, metric));
                    }
                });
            });
        }

        return writer.Written.ToArray();
    }

    private static void Write(ProtobufWriter writer, OtlpMetric metric)
    {
        writer.Text(1, metric.Name);
        writer.Text(2, metric.Description);
        writer.Text(3, metric.Unit);
        switch (metric.Points)
        {
            case [OtlpGauge, ..]:
                writer.Message(5, gauge => WritePoints(gauge, metric.Points));
                break;
            case [OtlpHistogram, ..]:
                writer.Message(10, histogram =>
                {
                    WritePoints(histogram, metric.Points);
                    histogram.Varint(2, Delta);
                });
                break;
            default:
                writer.Message(7, sum =>
                {
                    WritePoints(sum, metric.Points);
                    sum.Varint(2, Delta);
                    sum.Varint(3, 1);
                });
                break;
        }
    }

    private static void WritePoints(ProtobufWriter writer, IReadOnlyList<OtlpPoint> points)
    {
        foreach (var point in points)
        {
            writer.Message(1, inner =>
            {
                if (point is OtlpHistogram histogram)
                {
                    Write(inner, histogram);
                }
                else
                {
                    WriteNumber(inner, point);
                }
            });
        }
    }

    private static void WriteNumber(ProtobufWriter writer, OtlpPoint point)
    {
        writer.Fixed64(2, point.StartUnixNanoseconds);
        writer.Fixed64(3, point.EndUnixNanoseconds);
        switch (point)
        {
            case OtlpCount count:
                writer.Fixed64(6, (ulong)count.Value);
                break;
            case OtlpAmount amount:
                writer.Double(4, amount.Value);
                break;
            case OtlpGauge gauge:
                writer.Double(4, gauge.Value);
                break;
        }

        OtlpProtobuf.WriteAttributes(writer, 7, point.Attributes);
    }

    private static void Write(ProtobufWriter writer, OtlpHistogram point)
    {
        OtlpProtobuf.WriteAttributes(writer, 1, point.Attributes);
        writer.Fixed64(2, point.StartUnixNanoseconds);
        writer.Fixed64(3, point.EndUnixNanoseconds);
        writer.Fixed64(4, (ulong)point.Count);
        writer.Double(5, point.Sum);
        writer.ZigZag(6, point.Scale);
        writer.Fixed64(7, (ulong)point.ZeroCount);
        writer.Message(8, buckets =>
        {
            buckets.ZigZag(1, point.Offset);
            buckets.Varints(2, point.BucketCounts.Select(count => (ulong)count));
        });
        writer.Double(12, point.Min);
        writer.Double(13, point.Max);
    }
}
