using Spectre.Console;

namespace Lambent.Load.Reports;

/// <summary>The table for people: drawn on a terminal, plain aligned columns in a pipe.</summary>
internal static class TableReport
{
    public static void Write(
        TextWriter output, bool terminal, MachineFacts machine, IReadOnlyList<ScenarioResult> results)
    {
        output.WriteLine(Describe(machine));
        foreach (var result in results)
        {
            output.WriteLine();
            output.WriteLine(result.Quick ? $"{result.Name} (quick)" : result.Name);
            if (result.Failure is { } failure)
            {
                output.WriteLine($"  not measured: {failure}");
            }
            else if (terminal)
            {
                WriteDrawn(output, result);
            }
            else
            {
                WritePlain(output, result);
            }
        }
    }

    /// <summary>One line about the machine.</summary>
    public static string Describe(MachineFacts machine) =>
        $"{machine.Cores} cores ({machine.Processor}), {machine.MemoryMegabytes:N0} MB, Linux {machine.Kernel}, "
        + $".NET {machine.DotnetVersion}, Node {machine.NodeVersion}, {machine.LambentVersion}, "
        + $"commit {machine.Commit ?? "unknown"}, load {machine.LoadAverage:0.0}";

    private static void WriteDrawn(TextWriter output, ScenarioResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var heading in Figure.Headings)
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)));
        }

        foreach (var measurement in result.Measurements)
        {
            var color = measurement.Verdict switch
            {
                Measures.Verdict.Aim => "green",
                Measures.Verdict.Land => "default",
                Measures.Verdict.Below => "red",
                _ => "default",
            };
            table.AddRow([.. Figure.Cells(measurement)
                .Select((cell, column) => new Markup(column == 6 ? $"[{color}]{cell}[/]" : Markup.Escape(cell)))]);
        }

        console.Write(table);
    }

    private static void WritePlain(TextWriter output, ScenarioResult result)
    {
        List<IReadOnlyList<string>> rows = [Figure.Headings, .. result.Measurements.Select(Figure.Cells)];
        var widths = Enumerable.Range(0, Figure.Headings.Count)
            .Select(column => rows.Max(row => row[column].Length))
            .ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
