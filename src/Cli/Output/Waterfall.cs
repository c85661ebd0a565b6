using System.Globalization;
using System.Text;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Output;

/// <summary>
/// Draws a timeline: one line for each state, branches below what they belong to, the attempts of each as bars on a
/// common axis. What a bar means can be told without colour.
/// </summary>
internal sealed class Waterfall(TimelineEntry timeline, int width, bool hasColor)
{
    private const string Plain = "\u001b[0m";
    private const string Dim = "\u001b[2m";
    private const string Red = "\u001b[31m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Blue = "\u001b[34m";
    private const string Magenta = "\u001b[35m";

    private const int NameMin = 12;
    private const int BarMin = 16;
    private const int TimeWidth = 8;
    private const int RemarkMax = 40;
    private const char Worked = '█';
    private const char Broke = '▒';
    private const char Queued = '░';
    private const char Paused = '·';
    private const char Around = '─';
    private const char GoesOn = '▶';

    private DateTimeOffset End => timeline.StoppedAt ?? timeline.Now;

    public IEnumerable<string> Lines()
    {
        yield return Title();
        var rows = InOrder();
        if (rows.Count == 0)
        {
            yield break;
        }

        var names = rows.Select(NameOf).ToList();
        var remarks = rows.Select(RemarkOf).ToList();
        var remarkWidth = Math.Clamp(remarks.Max(remark => remark.Length), "OUTCOME".Length, RemarkMax);
        var nameWidth = Math.Clamp(
            names.Max(name => name.Length), NameMin, Math.Max(NameMin, width - BarMin - TimeWidth - remarkWidth - 6));
        var axis = new TimeAxis(
            timeline.StartedAt, End, Math.Max(BarMin, width - nameWidth - TimeWidth - remarkWidth - 6));
        yield return "";
        yield return Paint(
            Dim,
            $"{"STATE".PadRight(nameWidth)}  {axis.Labels()}  {"TIME".PadLeft(TimeWidth)}  OUTCOME");
        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index];
            var name = Cut(names[index], nameWidth).PadRight(nameWidth);
            var time = Quantity.Duration((row.ExitedAt ?? End) - row.EnteredAt).PadLeft(TimeWidth);
            var remark = Paint(ColorOf(row.Status), Cut(remarks[index], RemarkMax));
            yield return $"{name}  {Bar(row, axis)}  {time}  {remark}".TrimEnd();
        }

        foreach (var line in Footer())
        {
            yield return line;
        }
    }

    private string Title()
    {
        var standing = timeline.IsPaused ? "paused" : timeline.Status;
        var length = Quantity.Duration(End - timeline.StartedAt);
        var when = timeline.StoppedAt is null ? "for" : "after";
        return $"{ControlCodes.Strip($"{timeline.Machine}/{timeline.Name}")}  "
            + $"{Paint(ColorOf(standing), standing)} {when} {length}";
    }

    private IEnumerable<string> Footer()
    {
        var left = timeline.RowCount - timeline.Rows.Count;
        if (left > 0)
        {
            yield return Paint(Dim, $"… and {left} more: --limit {timeline.RowCount}");
        }

        yield return "";
        if (timeline.Error is not null || timeline.Cause is not null)
        {
            var cause = timeline.Cause is { } text ? $": {CauseText.Of(text)}" : "";
            var failure = ControlCodes.Strip($"{timeline.Error}{cause}").ReplaceLineEndings(" ");
            yield return $"{Paint(Red, "error")}     {failure}";
        }

        foreach (var redriven in timeline.Redrives)
        {
            yield return $"redriven  {Clock(redriven)}";
        }

        foreach (var pause in timeline.Pauses)
        {
            yield return $"paused    {Clock(pause.From)} to {(pause.To is { } to ? Clock(to) : "now")}";
        }

        yield return Paint(Dim, Legend());
    }

    private static string Legend() =>
        $"{Worked} work  {Broke} failed attempt  {Queued} handed over, not begun  {Paused} waits  "
        + $"{Around} branches  {GoesOn} goes on";

    /// <summary>What belongs to a state follows it, branch by branch.</summary>
    private List<RowEntry> InOrder()
    {
        var children = timeline.Rows.ToLookup(row => row.Parent ?? -1);
        var ordered = new List<RowEntry>(timeline.Rows.Count);
        Add(-1);
        return ordered;

        void Add(int parent)
        {
            foreach (var row in children[parent].OrderBy(row => row.Index ?? 0).ThenBy(row => row.Number))
            {
                ordered.Add(row);
                Add(row.Number);
            }
        }
    }

    private static string NameOf(RowEntry row) => new string(' ', 2 * row.Depth)
        + (row.Index is { } index ? $"[{index}] " : "")
        + ControlCodes.Strip(row.State).ReplaceLineEndings(" ");

    private static string RemarkOf(RowEntry row)
    {
        var tries = row.Attempts.Count > 1 && row.Type is not ("Parallel" or "Map")
            ? $", {row.Attempts.Count} attempts"
            : "";
        var error = row.Error is { } named ? $": {named}" : "";
        var remark = row.Status switch
        {
            "succeeded" => $"ok{tries}",
            "caught" or "failed" => $"{row.Status}{tries}{error}",
            "waiting" => row.Until is { } until ? $"until {Clock(until)}" : "waiting",
            "retrying" => row.Attempts[^1].RetryAt is { } again
                ? $"attempt {row.Attempts.Count + 1} at {Clock(again)}{error}"
                : $"retrying{error}",
            "running" => row.Attempts.Count > 1 ? $"running, attempt {row.Attempts.Count}" : "running",
            "aborted" => "given up",
            _ => row.Status,
        };
        return ControlCodes.Strip(remark).ReplaceLineEndings(" ");
    }

    private string Bar(RowEntry row, TimeAxis axis)
    {
        var (cells, colors) = (new char[axis.Width], new string?[axis.Width]);
        Array.Fill(cells, ' ');
        var isAround = row.Type is "Parallel" or "Map";
        Fill(row.EnteredAt, row.ExitedAt ?? End, isAround ? Around : row.Type == "Wait" ? Paused : ' ', Dim);
        foreach (var attempt in isAround ? [] : row.Attempts)
        {
            var ended = attempt.EndedAt ?? row.ExitedAt ?? End;
            Fill(ended, attempt.RetryAt is { } again && again < End ? again : ended, Paused, Yellow);
            Fill(attempt.ScheduledAt, attempt.StartedAt ?? ended, Queued, Dim);
            Fill(
                attempt.StartedAt ?? ended,
                ended,
                attempt.Outcome is "failed" or "timed-out" or "aborted" ? Broke : Worked,
                attempt.Outcome is "failed" or "timed-out" ? Red : ColorOf(row.Status));
        }

        var first = axis.ColumnOf(row.EnteredAt);
        if (!isAround && row.Type != "Wait" && row.Attempts.Count == 0)
        {
            Fill(row.EnteredAt, row.ExitedAt ?? End, row.Status is "failed" ? Broke : Worked, ColorOf(row.Status));
        }
        else if (cells[first] == ' ')
        {
            (cells[first], colors[first]) = (Queued, Dim);
        }

        if (row.ExitedAt is null && timeline.StoppedAt is null)
        {
            (cells[^1], colors[^1]) = (GoesOn, ColorOf(row.Status));
        }

        return Painted(cells, colors);

        void Fill(DateTimeOffset from, DateTimeOffset to, char cell, string? color)
        {
            for (var column = axis.ColumnOf(from); column <= axis.ColumnOf(to); column++)
            {
                (cells[column], colors[column]) = (cell, color);
            }
        }
    }

    private string Painted(char[] cells, string?[] colors)
    {
        if (!hasColor)
        {
            return new string(cells);
        }

        var line = new StringBuilder();
        string? current = null;
        for (var column = 0; column < cells.Length; column++)
        {
            var color = cells[column] == ' ' ? null : colors[column];
            if (color != current)
            {
                line.Append(current is null ? "" : Plain).Append(color);
                current = color;
            }

            line.Append(cells[column]);
        }

        return line.Append(current is null ? "" : Plain).ToString();
    }

    private static string ColorOf(string status) => status switch
    {
        "succeeded" => Green,
        "failed" or "timed-out" => Red,
        "caught" or "retrying" or "paused" => Yellow,
        "running" or "waiting" => Blue,
        "skipped" => Magenta,
        _ => Dim,
    };

    private string Paint(string color, string text) => hasColor ? $"{color}{text}{Plain}" : text;

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    private static string Clock(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
