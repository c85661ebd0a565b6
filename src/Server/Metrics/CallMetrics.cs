using System.Collections.Concurrent;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Metrics;

namespace Lambent.Server.Metrics;

/// <summary>
/// Counts every call by function, version and alias, in memory: what telemetry is dropped or sampled out later is
/// counted here.
/// </summary>
internal sealed class CallMetrics(ITelemetrySink next, TimeProvider time) : ITelemetrySink, IMetricSource
{
    /// <summary>Rounds without a call, of about a minute each, after which a version's meter is given up.</summary>
    private const int IdleRoundsMax = 60;

    private readonly ConcurrentDictionary<(FunctionId Function, string Version), VersionMeters> versions = new();

    /// <summary>Most calls are of the version that the one before was of.</summary>
    private VersionMeters? last;

    public void Record(InvocationRecord record)
    {
        while (!Of(record.Function, record.Version, record.InvokedArn).TryRecord(record))
        {
            // It was given up just now: the next one is found in its place.
            last = null;
        }

        next.Record(record);
    }

    public void Refuse(FunctionId function, string version, string invokedArn)
    {
        while (!Of(function, version, invokedArn).TryRefuse(time.GetUtcNow()))
        {
            // As above.
            last = null;
        }

        next.Refuse(function, version, invokedArn);
    }

    public bool Wants(FunctionId function, int bytes) => next.Wants(function, bytes);

    public void Write(LogLine line) => next.Write(line);

    public void Drop(FunctionId function, long lines, long bytes) => next.Drop(function, lines, bytes);

    public void Collect(DateTimeOffset now, List<MetricEntry> entries)
    {
        foreach (var (key, meters) in versions)
        {
            if (!meters.Take(IdleRoundsMax, entries))
            {
                versions.TryRemove(KeyValuePair.Create(key, meters));
                Interlocked.CompareExchange(ref last, null, meters);
            }
        }
    }

    /// <summary>The alias that an ARN names: what follows the function's name and is no version.</summary>
    internal static ReadOnlySpan<char> AliasOf(ReadOnlySpan<char> arn, ReadOnlySpan<char> version)
    {
        var colon = arn.LastIndexOf(':');
        if (colon < 0 || arn[..colon].EndsWith(":function") || arn[(colon + 1)..].SequenceEqual(version))
        {
            return default;
        }

        var qualifier = arn[(colon + 1)..];
        return qualifier.Length > 0 && (char.IsAsciiDigit(qualifier[0]) || qualifier[0] == '$') ? default : qualifier;
    }

    private FunctionMeter Of(FunctionId function, string version, string invokedArn)
    {
        var meters = last;
        if (meters is null || !meters.IsOf(function, version))
        {
            meters = versions.GetOrAdd(
                (function, version), static key => new VersionMeters(key.Function, key.Version));
            last = meters;
        }

        return meters.Of(AliasOf(invokedArn, version));
    }

    /// <summary>Of one version: the calls by each of its aliases, and those by none.</summary>
    private sealed class VersionMeters(FunctionId function, string version)
    {
        private readonly FunctionMeter plain = new(Series(function, version, ""));
        private FunctionMeter[] aliased = [];

        public bool IsOf(FunctionId other, string otherVersion) =>
            (ReferenceEquals(other.Name, function.Name) || other.Name == function.Name)
            && (ReferenceEquals(otherVersion, version) || otherVersion == version)
            && other.Account == function.Account;

        public FunctionMeter Of(ReadOnlySpan<char> alias) =>
            alias.IsEmpty ? plain : Find(alias) ?? Add(alias.ToString());

        /// <returns>False when all of it was given up.</returns>
        public bool Take(int idleRoundsMax, List<MetricEntry> entries)
        {
            foreach (var meter in Volatile.Read(ref aliased))
            {
                // A version's aliases are few: their meters are given up with the version's.
                meter.Take(int.MaxValue, entries);
            }

            return plain.Take(Volatile.Read(ref aliased).Length > 0 ? int.MaxValue : idleRoundsMax, entries);
        }

        private FunctionMeter? Find(ReadOnlySpan<char> alias)
        {
            foreach (var meter in Volatile.Read(ref aliased))
            {
                if (alias.SequenceEqual(meter.Series.Detail))
                {
                    return meter;
                }
            }

            return null;
        }

        private FunctionMeter Add(string alias)
        {
            lock (plain)
            {
                if (Find(alias) is { } known)
                {
                    return known;
                }

                var meter = new FunctionMeter(Series(function, version, alias));
                Volatile.Write(ref aliased, [.. aliased, meter]);
                return meter;
            }
        }

        private static MetricSeries Series(FunctionId function, string version, string alias) =>
            new(function.Account, MetricKind.Function, function.Name, version, alias);
    }
}
