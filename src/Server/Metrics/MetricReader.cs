using System.Globalization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Metrics;

/// <summary>Answers questions about figures, up to now.</summary>
internal sealed class MetricReader(MetricStore store, MetricKeeper keeper, RateBook rates, TimeProvider time)
{
    public const string DayDimension = "day";

    public TimeProvider Time => time;

    public RateBook Rates => rates;

    /// <summary>Series of an account into which something was written since.</summary>
    public async Task<IReadOnlyList<MetricSeries>> ListAsync(
        AccountId account, MetricKind kind, DateTimeOffset since)
    {
        await keeper.FlushAsync();
        return store.List(account, kind, since);
    }

    /// <summary>What is selected, by group and stretch of time.</summary>
    /// <param name="selection">From and to are whole periods.</param>
    /// <param name="period">Whole minutes.</param>
    /// <param name="groupOf">The group of a series; null leaves it out.</param>
    public async Task<MetricTable> ReadAsync(
        MetricSelection selection, TimeSpan period, Func<MetricSeries, string?> groupOf)
    {
        await keeper.FlushAsync();
        return Read(selection, period, groupOf);
    }

    /// <summary>The same of what is written down already.</summary>
    public MetricTable Read(MetricSelection selection, TimeSpan period, Func<MetricSeries, string?> groupOf)
    {
        var count = (int)((selection.To - selection.From).Ticks / period.Ticks);
        var table = new MetricTable(selection.From, period, count, groupOf);
        var coarsest = count == 1 ? MetricResolution.Day : Enum.GetValues<MetricResolution>()
            .Last(resolution => period.Ticks % MetricSpans.Length(resolution).Ticks == 0
                && MetricSpans.Floor(selection.From, MetricSpans.Length(resolution)) == selection.From);
        var spans = MetricSpans.Cover(selection.From, selection.To, coarsest, time.GetUtcNow());
        store.Read(selection, spans, table.Add);
        return table;
    }

    /// <summary>What was charged for.</summary>
    /// <param name="account">Whose; null: everybody's.</param>
    /// <param name="groups">Account, function, version, alias, tags and day.</param>
    public async Task<Bill> BillAsync(
        AccountId? account, DateTimeOffset from, DateTimeOffset to, MetricGroups groups)
    {
        await keeper.FlushAsync();
        var now = time.GetUtcNow();
        var minute = TimeSpan.FromMinutes(1);
        (from, to) = (MetricSpans.Floor(from, minute), MetricSpans.Ceiling(to, minute));
        var lines = new Dictionary<string, BillLine>(StringComparer.Ordinal);
        foreach (var (begin, end, charged) in rates.History.Split(from, to))
        {
            var selection = new MetricSelection
            {
                Account = account, Kind = MetricKind.Function, From = begin, To = end,
            };
            var spans = MetricSpans.Cover(begin, end, MetricResolution.Day, now);
            store.Read(selection, spans, (series, start, written) =>
            {
                if (MetricCell.Read(written) is { } cell)
                {
                    Add(lines, groups, new MetricEntry(series, start, cell), charged);
                }
            });
        }

        return new Bill(from, to, [.. lines.OrderByDescending(line => line.Value.Cost)
            .ThenByDescending(line => line.Value.BilledMegabyteMilliseconds)
            .ThenBy(line => line.Key, StringComparer.Ordinal)]);
    }

    private static void Add(
        Dictionary<string, BillLine> lines, MetricGroups groups, MetricEntry entry, Rates? charged)
    {
        if (entry.Cell[MetricCounter.Invocations] == 0)
        {
            return;
        }

        var group = groups.Of(
            entry.Series, _ => entry.Start.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (!lines.TryGetValue(group, out var line))
        {
            lines[group] = line = new BillLine();
        }

        line.Add(entry.Cell, charged);
    }
}
