using System.Globalization;
using System.Text;

namespace Lambent.Load.Reports;

/// <summary>
/// bench/RESULTS.md: one section per scenario, replaced whole by the next run that is saved, so that the file always
/// holds the last figures and its history holds the others.
/// </summary>
internal static class ResultsFile
{
    private const string Heading = "# Measured results";
    private const string SectionMark = "## ";

    private const string Introduction = """
        Written by `./lambent bench SCENARIO --save`; how it is measured, and what the targets mean, is in
        `docs/internals/performance.md`. Figures of a shared machine: read the ratios. `missed` marks a target that was
        not reached.
        """;

    /// <summary>Replaces the sections of these scenarios, and keeps the others.</summary>
    /// <returns>The new text.</returns>
    public static string Update(string current, MachineFacts machine, IReadOnlyList<ScenarioResult> results)
    {
        var sections = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in ("\n" + current).Split("\n" + SectionMark).Skip(1))
        {
            sections[section.Split('\n', 2)[0].Trim()] = section.Split('\n', 2)[^1].Trim();
        }

        foreach (var result in results.Where(result => result.Failure is null))
        {
            sections[result.Name] = Section(machine, result);
        }

        var text = new StringBuilder($"{Heading}\n\n{Introduction}\n");
        foreach (var (name, section) in sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{SectionMark}{name}\n\n{section}\n");
        }

        return text.ToString();
    }

    private static string Section(MachineFacts machine, ScenarioResult result)
    {
        var length = result.Quick ? ", quick run" : "";
        var text = new StringBuilder(
            $"{result.FinishedAt:yyyy-MM-dd}{length}, {TableReport.Describe(machine)}.\n\n");
        AppendRow(text, Figure.Headings);
        AppendRow(text, [.. Figure.Headings.Select(_ => "---")]);
        foreach (var measurement in result.Measurements)
        {
            AppendRow(text, Figure.Cells(measurement));
        }

        return text.ToString().TrimEnd();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|"))).Append(" |\n");
}
