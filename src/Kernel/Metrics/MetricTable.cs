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

    /// <summary>Adds a cell as it was written; a damaged one is left out.</summary>
    public void Add(MetricSeries series, DateTimeOffset start, ReadOnlySpan<byte> written)
    {
        if (!known.TryGetValue(series, out var group))
        {
            known[series] = group = groupOf(series) is { } name ? Find(name) : null;
        }

        // Cells that are coarser than was asked for may begin before.
        var place = (start - from).Ticks / period.Ticks;
        if (group is not null && place < count)
        {
            ref var cell = ref group.Cells[Math.Max(0, place)];
            cell ??= new MetricCell();
            if (cell.TryAdd(written))
            {
                group.IsTotalled = false;
            }
        }
    }

    /// <summary>All of a group together.</summary>
    public MetricCell Total(string group) => groups[group].Total();

    /// <summary>One per stretch; null where nothing happened.</summary>
    public IReadOnlyList<MetricCell?> Cells(string group) => groups[group].Cells;

    /// <summary>The beginnings of the stretches.</summary>
    public IEnumerable<DateTimeOffset> Times() => Enumerable.Range(0, count).Select(index => from + (index * period));

    private Group Find(string name)
    {
        if (!groups.TryGetValue(name, out var group))
        {
            groups[name] = group = new Group(new MetricCell?[count]);
        }

        return group;
    }

    private sealed class Group(MetricCell?[] cells)
    {
        private MetricCell total = new();

        public MetricCell?[] Cells => cells;

        public bool IsTotalled { get; set; } = true;

        public MetricCell Total()
        {
            if (!IsTotalled)
            {
                total = new MetricCell();
                foreach (var cell in cells)
                {
                    if (cell is not null)
                    {
                        total.Add(cell);
                    }
                }

                IsTotalled = true;
            }

            return total;
        }
    }
}
