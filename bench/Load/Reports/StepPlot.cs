using System.Globalization;
using System.Net;
using System.Text;

namespace Lambent.Load.Reports;

/// <summary>A number that changes in steps over time.</summary>
internal sealed record PlotLine(string Name, IReadOnlyList<(double AtSeconds, int Value)> Steps);

/// <summary>Numbers over time as a drawing that needs nothing but a browser.</summary>
internal sealed class StepPlot(string title, double endSeconds, IReadOnlyList<PlotLine> lines)
{
    private const int Width = 760;
    private const int Height = 280;
    private const int Left = 48;
    private const int Top = 40;
    private const int Right = 16;
    private const int Bottom = 32;
    private const int Marks = 4;

    private static readonly string[] Colors = ["#0a7d55", "#c2571a", "#6b5bd2", "#8a8a8a"];

    public string ToSvg()
    {
        var highest = Math.Max(1, lines.SelectMany(line => line.Steps).Max(step => step.Value));
        var text = new StringBuilder();
        Append(text, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" ");
        text.Append("font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n");
        Append(text, $"<title>{WebUtility.HtmlEncode(title)}</title>\n");
        Append(text, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n");
        for (var mark = 0; mark <= Marks; mark++)
        {
            var (value, second) = ((double)highest * mark / Marks, endSeconds * mark / Marks);
            Append(text, $"<path d=\"M{Left} {Y(value, highest):0.#}H{Width - Right}\" stroke=\"#ddd\"/>\n");
            AppendText(text, Left - 6, Y(value, highest) + 4, "end", $"{value:0.#}");
            AppendText(text, X(second), Height - 10, "middle", $"{second:0} s");
        }

        for (var index = lines.Count - 1; index >= 0; index--)
        {
            AppendLine(text, index, highest);
        }

        return text.Append("</svg>\n").ToString();
    }

    private void AppendLine(StringBuilder text, int index, int highest)
    {
        var (line, color) = (lines[index], Colors[index % Colors.Length]);
        var width = index == 0 ? 2.5 : 1.5;
        Append(text, $"<path fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" ");
        Append(text, $"d=\"M{Left} {Y(0, highest):0.#}");
        foreach (var (at, value) in line.Steps.Where(step => step.AtSeconds <= endSeconds))
        {
            Append(text, $"H{X(at):0.#}V{Y(value, highest):0.#}");
        }

        Append(text, $"H{Width - Right}\"/>\n");
        var x = Left + (index * 170);
        Append(text, $"<text x=\"{x}\" y=\"22\" fill=\"{color}\">{WebUtility.HtmlEncode(line.Name)}</text>\n");
    }

    private static void AppendText(StringBuilder text, double x, double y, string anchor, FormattableString words)
    {
        Append(text, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">");
        Append(text, words);
        text.Append("</text>\n");
    }

    private double X(double seconds) => Left + ((Width - Left - Right) * seconds / endSeconds);

    private static double Y(double value, double highest) =>
        Height - Bottom - ((Height - Top - Bottom) * value / highest);

    private static void Append(StringBuilder text, FormattableString part) =>
        text.Append(part.ToString(CultureInfo.InvariantCulture));
}
