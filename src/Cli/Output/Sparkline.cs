namespace Lambent.Cli.Output;

/// <summary>Values over time in one line: an eighth of it high for each eighth of the largest.</summary>
internal static class Sparkline
{
    private const string Heights = "▁▂▃▄▅▆▇█";
    private const char Nothing = '·';

    /// <param name="values">Null: there is nothing to say.</param>
    /// <param name="width">At most so many characters; several values become one, the largest.</param>
    public static string Of(IReadOnlyList<double?> values, int width)
    {
        var shown = Narrow(values, width);
        var largest = shown.Max() ?? 0;
        return string.Concat(shown.Select(value => value switch
        {
            null => ' ',
            <= 0 => Nothing,
            _ => Heights[(int)Math.Clamp(Math.Ceiling(value.Value / largest * Heights.Length) - 1, 0, 7)],
        }));
    }

    public static string Of(IReadOnlyList<long> counts) =>
        Of([.. counts.Select(count => (double?)count)], counts.Count);

    /// <summary>As many values as there is room for; of those that share a place the largest is shown.</summary>
    public static IReadOnlyList<double?> Narrow(IReadOnlyList<double?> values, int width) => values.Count <= width
        ? values
        : [.. Enumerable.Range(0, width).Select(column =>
        {
            var from = (int)((long)column * values.Count / width);
            var to = Math.Max(from + 1, (int)((long)(column + 1) * values.Count / width));
            return Enumerable.Range(from, to - from).Max(index => values[index]);
        })];
}
