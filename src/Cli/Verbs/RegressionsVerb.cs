using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent regressions</c>: which release of a function became slower, and where.</summary>
internal sealed class RegressionsVerb()
    : Verb("regressions", "Name the release in which a function became slower, and the span in which it did")
{
    private const int LastDefault = 3;

    private readonly Argument<string> name = new("NAME")
    {
        Description = "The function",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<int> last = new("--last")
    {
        Description = "Compare the last N releases, each with the one before",
        HelpName = "N",
        DefaultValueFactory = _ => LastDefault,
    };

    private readonly Option<string?> since = new("--since")
    {
        Description = "Calls of how far back: a length such as 15m, 1h, 2d, or a time; default: all that are kept",
        HelpName = "LENGTH|TIME",
    };

    protected override IEnumerable<Symbol> Symbols => [name, last, since];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var function = context.Value(name);
        var answer = await FunctionLookup.NamedAsync(
            new LambdaApi(server),
            function,
            () => new TraceApi(server).RegressionsAsync(
                function, context.Value(last), context.Value(since), cancellation),
            cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.regressions/1", writer =>
            {
                foreach (var member in answer.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            });
            return ExitCode.Ok;
        }

        Print(context, answer.Deserialize(TraceJson.Default.RegressionEntry)!);
        return ExitCode.Ok;
    }

    private static void Print(CommandContext context, RegressionEntry report)
    {
        var releases = string.Join(" → ", report.Releases.Select(release => release.Name));
        context.Terminal.Print(ControlCodes.Strip(Verdict(report)));
        context.Note($"releases by their first call: {releases}");
        var table = new ColumnTable("RELEASE", "SPAN", "CALLS", "MEDIAN", "SHIFT (99 %)", "P", "VERDICT");
        foreach (var change in report.Changes)
        {
            var isCompared = change.Verdict != "too-few-calls";
            table.Add(
                change.Release,
                NameOf(change),
                $"{change.CallsBefore} → {change.Calls}",
                $"{Time(change.MedianBefore)} → {Time(change.Median)}",
                isCompared ? $"{Signed(change.Shift)} ({Signed(change.ShiftLow)} to {Signed(change.ShiftHigh)})" : "",
                isCompared ? Probability(change.P) : "",
                change.Verdict.Replace('-', ' '));
        }

        if (report.Changes.Count > 0)
        {
            context.Terminal.Print("");
            table.Write(context.Terminal.Output);
        }
    }

    private static string Verdict(RegressionEntry report)
    {
        if (report.Culprit is { } culprit)
        {
            return $"{report.Function} became slower in release {culprit.Release}, in {NameOf(culprit)}: "
                + $"{Time(culprit.MedianBefore)} → {Time(culprit.Median)} "
                + $"({Signed(culprit.Shift)}, p {Probability(culprit.P)})";
        }

        return report.Verdict == "no-change" ? $"{report.Function}: no change"
            : report.Releases.Count < 2 ? $"{report.Function}: only one release was called; there is no other"
            : $"{report.Function}: too few calls; each release needs {report.CallsMin} of a kind";
    }

    private static string NameOf(SpanChangeEntry change) => change.IsCold ? $"{change.Span} (cold)" : change.Span;

    private static string Time(double milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms");

    private static string Signed(double milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{(milliseconds < 0 ? "" : "+")}{milliseconds:0.##} ms");

    private static string Probability(double p) =>
        p < 0.0001 ? "< 0.0001" : p.ToString("0.####", CultureInfo.InvariantCulture);
}
