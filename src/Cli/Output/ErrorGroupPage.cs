using Lambent.Cli.Connection;

namespace Lambent.Cli.Output;

/// <summary>A group of errors as a page: what, since when, where, the stack, and what to do next.</summary>
internal sealed class ErrorGroupPage(Terminal terminal, DateTimeOffset now)
{
    private const string Red = "\u001b[31m";
    private const string Dim = "\u001b[2m";
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[0m";
    private const int FramesShown = 12;
    private const int SamplesShown = 5;

    public void Print(ErrorDetail detail)
    {
        var error = detail.Error;
        terminal.Print($"{Paint(Red, Clean(error.Type))}: {Paint(Bold, Clean(error.Message))}");
        Line("id", error.Id);
        Line("status", error.Status
            + (error.ResolvedIn is { } version ? $" in {version}" : "")
            + (error.ReopenedBy is { } by ? $", came back in {by}" : ""));
        Line("seen", $"{error.Count} times, first {Quantity.Since(error.FirstSeen, now)}, "
            + $"last {Quantity.Since(error.LastSeen, now)}");
        Line("last 24 h", Sparkline.Of(error.Counts));
        Line("at", error.Culprit);
        foreach (var seen in detail.Versions)
        {
            var last = Quantity.Since(seen.LastSeen, now);
            Line("in", $"{seen.Function}:{seen.Version}  {seen.Count} times, last {last}");
        }

        PrintStack(detail.Frames);
        PrintSamples(detail);
    }

    private void PrintStack(List<ErrorFrameEntry> frames)
    {
        if (frames.Count == 0)
        {
            return;
        }

        terminal.Print("");
        var withContext = frames.FindIndex(frame => frame.IsApplication && frame.Context is not null);
        for (var index = 0; index < Math.Min(frames.Count, FramesShown); index++)
        {
            var frame = frames[index];
            var text = frame.Source is { } source
                ? $"at {source.Name ?? frame.Function} ({source.File}:{source.Line}:{source.Column})"
                : frame.Text;
            var why = frame.Problem is { } problem ? $"  [{problem}]" : "";
            terminal.Print(frame.IsApplication ? $"  {Clean(text + why)}" : $"  {Paint(Dim, Clean(text))}");
            if (index == withContext)
            {
                PrintContext(frame);
            }
        }

        if (frames.Count > FramesShown)
        {
            terminal.Print(Paint(Dim, $"  and {frames.Count - FramesShown} more"));
        }
    }

    private void PrintContext(ErrorFrameEntry frame)
    {
        var failing = frame.Source?.Line ?? frame.Line;
        foreach (var line in frame.Context ?? [])
        {
            var text = $"{(line.Line == failing ? ">" : " ")} {line.Line,5} | {Clean(line.Text)}";
            terminal.Print($"    {(line.Line == failing ? Paint(Red, text) : Paint(Dim, text))}");
        }
    }

    private void PrintSamples(ErrorDetail detail)
    {
        terminal.Print("");
        foreach (var sample in detail.Samples.Take(SamplesShown))
        {
            terminal.Print($"  #{sample.Number,-6} {Quantity.Since(sample.At, now),-12} "
                + $"{Clean($"{sample.Function}:{sample.Version}")}  {Clean(sample.RequestId ?? "outside any call")}");
        }

        if (detail.Samples.Find(sample => sample.RequestId is not null)?.RequestId is { } id)
        {
            terminal.Print("");
            terminal.Print($"next: lambent invocation show {Clean(id)}");
            terminal.Print($"      lambent replay {Clean(id)}");
            terminal.Print($"      lambent error resolve {detail.Error.Id}");
        }
    }

    private void Line(string name, string value)
    {
        if (value.Length > 0)
        {
            terminal.Print($"  {name,-12}{Clean(value)}");
        }
    }

    private static string Clean(string text) => ControlCodes.Strip(text).ReplaceLineEndings(" ");

    private string Paint(string color, string text) => terminal.ColorOnOutput ? $"{color}{text}{Plain}" : text;
}
