namespace Lambent.Kernel.Metrics;

/// <summary>
/// Cells put together by group and by stretch of time. Each is added once; the order does not matter.
/// </summary>
/// <param name="from">The beginning of the first stretch.</param>
/// <param name="period">How long each is.</param>
/// <param name="count">How many there are.</param>
/// <param name="groupOf">The group of a series; null leaves it out.</param>
public sealed class MetricTable(
    DateTimeOffset from, TimeSpan period, int count, Func<MetricSeries, string?> groupOf)
{
    private readonly Dictionary<MetricSeries, Group?> known = [];
    private readonly Dictionary<string, Group> groups = new(StringComparer.Ordinal);

    public DateTimeOffset From => from;

    public TimeSpan Period => period;

    public int Count => count;

    public IReadOnlyCollection<string> Groups => groups.Keys;

    public void Add(MetricEntry entry)
    {
        if (!known.TryGetValue(entry.Series, out var group))
        {
            known[entry.Series] = group = groupOf(entry.Series) is { } name ? Find(name) : null;
        }

        // Cells that are coarser than was asked for may begin before.
        var place = (entry.Start - from).Ticks / period.Ticks;
        if (group is not null && place < count)
        {
            ref var cell = ref group.Cells[Math.Max(0, place)];
            cell ??= new MetricCell();
            cell.Add(entry.Cell);
            group.Total.Add(entry.Cell);
        }
    }

    /// <summary>All of a group together.</summary>
    public MetricCell Total(string group) => groups[group].Total;

    /// <summary>One per stretch; null where nothing happened.</summary>
    public IReadOnlyList<MetricCell?> Cells(string group) => groups[group].Cells;

    /// <summary>The beginnings of the stretches.</summary>
    public IEnumerable<DateTimeOffset> Times() => Enumerable.Range(0, count).Select(index => from + (index * period));

    private Group Find(string name)
    {
        if (!groups.TryGetValue(name, out var group))
        {
            groups[name] = group = new Group(new MetricCell?[count], new MetricCell());
        }

        return group;
    }

    private sealed record Group(MetricCell?[] Cells, MetricCell Total);
}
