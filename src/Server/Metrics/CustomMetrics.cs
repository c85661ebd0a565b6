using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Metrics;

/// <summary>What users' programs put, until it is written with the rest.</summary>
internal sealed class CustomMetrics(MetricStore store) : IMetricSource
{
    /// <summary>Between a metric's name and its unit, which no name contains.</summary>
    public const char UnitSeparator = '\u001f';

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<AccountId, HashSet<MetricSeries>> known = new();
    private Dictionary<(MetricSeries Series, DateTimeOffset Minute), MetricCell> waiting = [];

    /// <summary>Takes all of it, or nothing.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="data">Each with its minute, and what puts it into a cell.</param>
    public Error? Put(AccountId account, IReadOnlyList<(MetricSeries Series, DateTimeOffset At, MetricCell Cell)> data)
    {
        var own = known.GetOrAdd(
            account, id => [.. store.List(id, MetricKind.Custom, DateTimeOffset.UnixEpoch)]);
        lock (gate)
        {
            var fresh = data.Select(one => one.Series).Where(series => !own.Contains(series)).Distinct().ToList();
            if (own.Count + fresh.Count > Limits.CustomMetricsMax || waiting.Count > Limits.MetricCellsPendingMax)
            {
                return new Error(
                    ErrorCode.LimitExceeded,
                    $"An account has at most {Limits.CustomMetricsMax:N0} custom metrics, counted by name, unit and "
                    + "dimensions.");
            }

            own.UnionWith(fresh);
            foreach (var (series, at, cell) in data)
            {
                var key = (series, MetricSpans.Floor(at, TimeSpan.FromMinutes(1)));
                if (waiting.TryGetValue(key, out var sum))
                {
                    sum.Add(cell);
                }
                else
                {
                    waiting[key] = cell;
                }
            }
        }

        return null;
    }

    public void Collect(DateTimeOffset now, List<MetricEntry> entries)
    {
        lock (gate)
        {
            entries.AddRange(waiting.Select(one => new MetricEntry(one.Key.Series, one.Key.Minute, one.Value)));
            waiting = [];
        }
    }
}
