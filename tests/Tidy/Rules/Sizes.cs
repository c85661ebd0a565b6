using Lambent.Tidy.Files;
using Lambent.Tidy.Syntax;
using Lambent.Tidy.Tables;

namespace Lambent.Tidy.Rules;

/// <summary>Files, functions and lines stay short enough to be read.</summary>
internal static class Sizes
{
    public const int FileLinesMax = 600;
    public const int FunctionLinesMax = 70;
    public const int LineColumnsMax = 120;

    /// <summary>The formatter holds 120 there, and leaves alone what it cannot break without changing a text.</summary>
    public const int FormattedColumnsMax = 240;

    private const string Formatted = "web/";

    private static readonly HashSet<string> Code = new(StringComparer.Ordinal)
    {
        ".cs", ".py", ".mjs", ".cjs", ".js", ".ts", ".tsx", ".c", ".h", ".sh", ".css",
    };

    public static IEnumerable<Finding> Files(SourceFile file) =>
        IsCode(file) && file.Lines.Count > FileLinesMax
            ? [file.At(FileLinesMax + 1, $"the file has {file.Lines.Count} lines, at most {FileLinesMax}: split it")]
            : [];

    public static IEnumerable<Finding> Lines(SourceFile file)
    {
        if (!IsCode(file))
        {
            yield break;
        }

        var most = file.Path.StartsWith(Formatted, StringComparison.Ordinal) ? FormattedColumnsMax : LineColumnsMax;
        for (var index = 0; index < file.Lines.Count; index++)
        {
            var columns = ColumnsOf(file.Lines[index]);
            if (columns > most)
            {
                yield return file.At(index + 1, $"the line has {columns} columns, at most {most}");
            }
        }
    }

    /// <param name="file">The file.</param>
    /// <param name="exemptions">Functions that may be longer, by path and name, with the lines they have.</param>
    public static IEnumerable<Finding> Functions(SourceFile file, IReadOnlyList<LongFunction> exemptions)
    {
        if (!file.IsCSharp)
        {
            yield break;
        }

        var mask = CSharpMask.Of(file.Text);
        var exempt = exemptions.Where(exemption => exemption.Path == file.Path).ToDictionary(one => one.Name);
        foreach (var function in CSharpMembers.Functions(mask).Where(function => !IsTestData(mask, function)))
        {
            var first = file.LineAt(function.Position);
            var lines = file.LineAt(function.EndPosition) - first + 1;
            var listed = exempt.TryGetValue(function.Name, out var exemption) && exempt.Remove(function.Name);
            if (!listed && lines > FunctionLinesMax)
            {
                yield return file.At(first, $"{function.Name} has {lines} lines, at most {FunctionLinesMax}: split it");
            }
            else if (listed && lines > exemption!.Lines)
            {
                yield return file.At(first, $"{function.Name} grew from {exemption.Lines} to {lines} lines: split it");
            }
            else if (listed && lines < exemption!.Lines)
            {
                var now = lines > FunctionLinesMax ? $"lower it to {lines}" : "remove it";
                yield return file.At(
                    first, $"{function.Name} shrank to {lines} lines; its exemption says {exemption.Lines}: {now}");
            }
        }

        foreach (var gone in exempt.Keys)
        {
            yield return file.AsWhole($"there is no function {gone} any more: remove its exemption");
        }
    }

    /// <summary>The cases of a theory are data, as long as there are cases.</summary>
    private static bool IsTestData(string mask, CSharpMember function)
    {
        var header = mask.AsSpan(function.Position, function.EndPosition - function.Position);
        var end = header.IndexOfAny('(', '{', '=');
        return header[..Math.Max(end, 0)].Contains("TheoryData", StringComparison.Ordinal);
    }

    private static int ColumnsOf(string line) => line.EnumerateRunes().Count();

    private static bool IsCode(SourceFile file) => Code.Contains(file.Extension);
}
