namespace Lambent.Cli.Output;

/// <summary>
/// Plain aligned columns with two spaces between, as cut and awk like them. The same on a terminal and in a pipe.
/// </summary>
internal sealed class ColumnTable(params string[] headings)
{
    private readonly List<string[]> rows = [];

    public void Add(params string[] cells) =>
        rows.Add([.. cells.Select(cell => ControlCodes.Strip(cell).ReplaceLineEndings(" "))]);

    public void Write(TextWriter output)
    {
        var widths = headings.Select((heading, column) =>
            rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        WriteRow(output, headings, widths);
        foreach (var row in rows)
        {
            WriteRow(output, row, widths);
        }
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, column) => cell.PadRight(widths[column]));
        output.WriteLine(string.Join("  ", padded).TrimEnd());
    }
}
