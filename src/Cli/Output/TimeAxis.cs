using System.Globalization;

namespace Lambent.Cli.Output;

/// <summary>Times of a span as columns, with round numbers along it.</summary>
internal sealed class TimeAxis(DateTimeOffset from, DateTimeOffset to, int width)
{
    private const int TicksMax = 5;

    private static readonly double[] Steps =
    [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600,
        7_200, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
    ];

    private readonly double seconds = Math.Max((to - from).TotalSeconds, 0.001);

    public int Width => width;

    /// <summary>The column in which a time lies, 0 to width - 1.</summary>
    public int ColumnOf(DateTimeOffset time) =>
        (int)Math.Clamp(Math.Floor((time - from).TotalSeconds / seconds * width), 0, width - 1);

    /// <summary>A line of labels, each beginning at its time.</summary>
    public string Labels()
    {
        var step = Steps.FirstOrDefault(candidate => seconds / candidate < TicksMax, seconds / (TicksMax - 1));
        var line = new string(' ', width).ToCharArray();
        var free = 0;
        for (var tick = 0; tick * step <= seconds; tick++)
        {
            var label = Label(tick * step);
            var column = (int)(tick * step / seconds * width);
            if (column >= free && column + label.Length <= width)
            {
                label.CopyTo(0, line, column, label.Length);
                free = column + label.Length + 1;
            }
        }

        return new string(line);
    }

    private static string Label(double seconds) => seconds switch
    {
        0 => "0",
        < 1 => Invariant($"{seconds * 1_000:0} ms"),
        < 60 => Invariant($"{seconds:0.##} s"),
        < 3_600 => Invariant($"{seconds / 60:0.##} min"),
        < 172_800 => Invariant($"{seconds / 3_600:0.##} h"),
        _ => Invariant($"{seconds / 86_400:0.##} d"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
