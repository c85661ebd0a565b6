using System.Text.RegularExpressions;
using Lambent.Tidy.Files;
using Lambent.Tidy.Syntax;

namespace Lambent.Tidy.Rules;

/// <summary>Dangerous things are kept in one place each.</summary>
internal static partial class Containment
{
    /// <summary>Only Storage sees SQL.</summary>
    public static IEnumerable<Finding> Sql(SourceFile file)
    {
        if (!IsProduct(file) || In(file, "src/Storage/"))
        {
            yield break;
        }

        foreach (var literal in CSharpMask.Parse(file.Text).Literals)
        {
            if (Statement().IsMatch(literal.Text))
            {
                yield return file.AtPosition(literal.Position, "a statement of SQL belongs into src/Storage");
            }
        }
    }

    /// <summary>Only Sandbox starts processes; the command line starts build tools and nothing else.</summary>
    public static IEnumerable<Finding> Processes(SourceFile file) =>
        IsProduct(file) && !In(file, "src/Sandbox/", "src/Cli/")
            ? Occurrences(file, ProcessStart(), "only src/Sandbox starts processes (and src/Cli build tools)")
            : [];

    /// <summary>Time comes from a TimeProvider, and nothing waits by sleeping.</summary>
    public static IEnumerable<Finding> Clocks(SourceFile file) =>
        file is { IsCSharp: true, IsProgram: false }
            ? Occurrences(file, Clock(), "take the time from a TimeProvider, and wait for the event itself")
            : [];

    /// <summary>Chance and new ids come into the Kernel from outside, so that a decision can be replayed.</summary>
    public static IEnumerable<Finding> Chance(SourceFile file) =>
        file.IsCSharp && In(file, "src/Kernel/")
            ? Occurrences(file, Random(), "chance and ids come into the Kernel from outside")
            : [];

    /// <summary>It asks the server itself.</summary>
    private const string Doctor = "src/Server/Diagnostics/Doctor.cs";

    /// <summary>The server calls other programs through the outbound guard alone.</summary>
    public static IEnumerable<Finding> Requests(SourceFile file) =>
        file.IsCSharp && In(file, "src/Server/") && !In(file, "src/Server/Webhooks/OutboundGuard.cs", Doctor)
            ? Occurrences(file, OutsideHandler(), "calls of other programs go through OutboundGuard.CreateHandler")
            : [];

    private static IEnumerable<Finding> Occurrences(SourceFile file, Regex pattern, string message) =>
        pattern.Matches(CSharpMask.Of(file.Text))
            .Select(match => file.AtPosition(match.Index, $"{match.Value.Trim()}: {message}"));

    private static bool IsProduct(SourceFile file) => file.IsCSharp && In(file, "src/");

    private static bool In(SourceFile file, params string[] folders) =>
        folders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal));

    [GeneratedRegex(
        @"\bSELECT\s[^""]{1,400}\sFROM\s|\bINSERT\s+(OR\s+\w+\s+)?INTO\s|\bUPDATE\s+\w+\s+SET\s|\bDELETE\s+FROM\s"
        + @"|\b(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW)\s|\bPRAGMA\s",
        RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\bProcess\s*\.\s*Start\s*\(|\bnew\s+Process(StartInfo)?\b")]
    private static partial Regex ProcessStart();

    [GeneratedRegex(@"\bnew\s+(SocketsHttpHandler|HttpClientHandler|HttpClient|TcpClient)\b")]
    private static partial Regex OutsideHandler();

    [GeneratedRegex(@"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b|\bThread\s*\.\s*Sleep\s*\(")]
    private static partial Regex Clock();

    [GeneratedRegex(
        @"\bnew\s+Random\b|\bRandom\s*\.\s*Shared\b|\bRandomNumberGenerator\b"
        + @"|\bGuid\s*\.\s*(NewGuid|CreateVersion7)\b")]
    private static partial Regex Random();
}
