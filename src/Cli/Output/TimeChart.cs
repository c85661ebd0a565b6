namespace Lambent.Cli.Output;

/// <summary>A small chart of one series: bars of eighths of a line, the scale at the left, times below.</summary>
internal sealed class TimeChart(
    DateTimeOffset from, DateTimeOffset to, IReadOnlyList<double?> values, Func<double, string> label, int width)
{
    private const int Height = 8;
    private const string Eighths = " ▁▂▃▄▅▆▇█";

    public IEnumerable<string> Lines()
    {
        var largest = values.Max() ?? 0;
        var (top, middle) = (label(largest), label(largest / 2));
        var margin = Math.Max(top.Length, middle.Length);
        var room = Math.Max(10, width - margin - 3);
        var shown = Widen(Sparkline.Narrow(values, room), room);
        for (var row = Height - 1; row >= 0; row--)
        {
            var text = row == Height - 1 ? top : row == (Height / 2) - 1 ? middle : "";
            yield return $"{text.PadLeft(margin)} ┤{string.Concat(shown.Select(value => Cell(value, largest, row)))}"
                .TrimEnd();
        }

        yield return $"{label(0).PadLeft(margin)} └{new string('─', shown.Count)}";
        yield return $"{new string(' ', margin + 2)}{new TimeAxis(from, to, shown.Count).Labels()}".TrimEnd();
    }

    private static IReadOnlyList<double?> Widen(IReadOnlyList<double?> narrow, int room)
    {
        var times = narrow.Count == 0 ? 1 : Math.Max(1, room / narrow.Count);
        return [.. narrow.SelectMany(value => Enumerable.Repeat(value, times))];
    }

    private static char Cell(double? value, double largest, int row)
    {
        if (value is not { } height || largest <= 0)
        {
            return ' ';
        }

        var eighths = (int)Math.Round(height / largest * Height * 8) - (row * 8);
        return row == 0 && height > 0 ? Eighths[Math.Clamp(eighths, 1, 8)] : Eighths[Math.Clamp(eighths, 0, 8)];
    }
}
