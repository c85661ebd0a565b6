using System.Globalization;
using System.Text;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Output;

/// <summary>
/// Draws a trace: a line for each span, below what it belongs to, as a bar on a common axis. Phases, custom spans and
/// waits differ in their bars, so that they can be told apart without colour.
/// </summary>
internal sealed class TraceWaterfall(TraceDetail trace, int width, bool hasColor)
{
    private const string Plain = "\u001b[0m";
    private const string Dim = "\u001b[2m";
    private const string Red = "\u001b[31m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Blue = "\u001b[34m";
    private const string Cyan = "\u001b[36m";

    private const int NameMin = 16;
    private const int BarMin = 16;
    private const int TimeWidth = 9;
    private const int RemarkMax = 44;
    private const int IndentMax = 12;

    public IEnumerable<string> Lines()
    {
        var errors = trace.Spans.Count(span => span.Status == "error");
        yield return $"trace {Clean(trace.TraceId)}  {Paint(errors > 0 ? Red : Green, errors > 0 ? "error" : "ok")}, "
            + $"{Quantity.Count(trace.Spans.Count, "span")} in {Time(trace.DurationMilliseconds)}";
        yield return "";
        var names = trace.Spans.Select(NameOf).ToList();
        var remarks = trace.Spans.Select(RemarkOf).ToList();
        var remarkWidth = Math.Clamp(remarks.Max(remark => remark.Length), 4, RemarkMax);
        var nameWidth = Math.Clamp(
            names.Max(name => name.Length), NameMin, Math.Max(NameMin, width - BarMin - TimeWidth - remarkWidth - 6));
        var axis = new TimeAxis(
            trace.StartedAt,
            trace.StartedAt.AddMilliseconds(trace.DurationMilliseconds),
            Math.Max(BarMin, width - nameWidth - TimeWidth - remarkWidth - 6));
        var heading = $"{"SPAN".PadRight(nameWidth)}  {axis.Labels()}  {"TIME".PadLeft(TimeWidth)}";
        yield return Paint(Dim, heading);
        for (var index = 0; index < trace.Spans.Count; index++)
        {
            var span = trace.Spans[index];
            var name = Cut(names[index], nameWidth).PadRight(nameWidth);
            var time = Time(span.DurationMilliseconds).PadLeft(TimeWidth);
            var remark = Paint(span.Status == "error" ? Red : Dim, Cut(remarks[index], RemarkMax));
            yield return $"{name}  {Bar(span, axis)}  {time}  {remark}".TrimEnd();
        }

        foreach (var line in Footer())
        {
            yield return line;
        }
    }

    private IEnumerable<string> Footer()
    {
        yield return "";
        foreach (var link in trace.LinkedFrom.DistinctBy(link => link.TraceId).Take(5))
        {
            yield return $"linked from {Clean(link.Name ?? "a span")}: lambent trace {Clean(link.TraceId)}";
        }

        if (trace.IsCut)
        {
            yield return Paint(Yellow, "the trace is longer: these are the first of its spans");
        }

        if (trace.Spans.Exists(span => span.IsClamped))
        {
            yield return Paint(Dim, "~ its clock was behind its parent's; its start was moved");
        }

        if (trace.Spans.Find(span => span.RequestId is not null) is not null)
        {
            yield return Paint(Dim, $"its log: lambent logs --trace {Clean(trace.TraceId)}");
        }
    }

    private static string NameOf(SpanEntry span)
    {
        var mark = span.Origin switch
        {
            "custom" => "* ",
            "call" => "ƒ ",
            _ => "",
        };
        var name = span.Origin == "execution"
            ? "execution " + span.Name[(span.Name.LastIndexOf(':') + 1)..]
            : span.Name;
        return new string(' ', 2 * Math.Min(span.Depth, IndentMax)) + mark + Clean(name);
    }

    private static string RemarkOf(SpanEntry span)
    {
        var parts = new List<string>();
        if (span.IsClamped)
        {
            parts.Add("~");
        }

        if (span.Status == "error")
        {
            parts.Add(span.Message ?? "failed");
        }

        if (span.IsOpen)
        {
            parts.Add("goes on");
        }

        if (span.IsOrphan)
        {
            parts.Add("called from outside");
        }

        if (span.Link is { } link)
        {
            parts.Add($"→ {link.TraceId[..Math.Min(8, link.TraceId.Length)]}");
        }

        if (span.RequestId is not null)
        {
            parts.Add(span.RequestId);
        }

        return Clean(string.Join(' ', parts));
    }

    private string Bar(SpanEntry span, TimeAxis axis)
    {
        var (from, to) = (
            axis.ColumnOf(span.StartedAt), axis.ColumnOf(span.StartedAt.AddMilliseconds(span.DurationMilliseconds)));
        var (cell, color) = (span.Status, span.Origin, span.Name) switch
        {
            ("error", _, _) => ('▒', Red),
            (_, "phase", "handler") => ('▄', Green),
            (_, "phase", _) => ('░', Yellow),
            (_, "message", _) => ('·', Yellow),
            (_, "custom", _) => ('■', Cyan),
            (_, "execution" or "state", _) => ('─', Blue),
            _ => ('█', Green),
        };
        var bar = new StringBuilder().Append(' ', from);
        bar.Append(hasColor ? color : "").Append(cell, Math.Max(1, to - from + 1)).Append(hasColor ? Plain : "");
        return bar.Append(' ', Math.Max(0, axis.Width - to - 1)).ToString();
    }

    private static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms"),
        _ => Quantity.Duration(TimeSpan.FromMilliseconds(milliseconds)),
    };

    private string Paint(string color, string text) => hasColor && text.Length > 0 ? $"{color}{text}{Plain}" : text;

    private static string Clean(string text) => ControlCodes.Strip(text).ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
