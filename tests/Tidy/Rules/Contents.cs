using System.Text.RegularExpressions;
using Lambent.Tidy.Files;
using Lambent.Tidy.Tables;

namespace Lambent.Tidy.Rules;

/// <summary>What no file may say.</summary>
internal static partial class Contents
{
    private static readonly string[] CodeFolders = ["src/", "runtimes/", "tests/", "bench/", "web/"];

    /// <summary>Nothing is left for later: what cannot be done is refused with an error, or is an issue.</summary>
    public static IEnumerable<Finding> Unfinished(SourceFile file) =>
        file is { IsText: true, IsProgram: false, Extension: not (".md" or ".csv") } && In(file, CodeFolders)
            ? Occurrences(file, Later(), "finish it, or refuse with an error that says so")
            : [];

    /// <summary>The repository is the same on every machine: it names no path of one, and no registry.</summary>
    public static IEnumerable<Finding> Places(SourceFile file)
    {
        if (!file.IsText || PlaceTable.Exempt.Any(exempt => exempt.Path == file.Path))
        {
            return [];
        }

        return Occurrences(file, MachinePath(), "a path of one machine has no place in the repository")
            .Concat(Occurrences(file, Registry(), "name packages, not the address of a registry"));
    }

    /// <summary>A lock file pins versions and checksums; where packages come from is the machine's affair.</summary>
    public static IEnumerable<Finding> LockFiles(SourceFile file) =>
        file.Name == "package-lock.json"
            ? Occurrences(file, Resolved(), "make the lock with: npm install --omit-lockfile-registry-resolved")
            : [];

    public static IEnumerable<Finding> License(Repository repository) =>
        repository.Find("LICENSE") is { } license
            && license.Text.Contains("Apache License", StringComparison.Ordinal)
            && license.Text.Contains("Version 2.0", StringComparison.Ordinal)
            ? []
            : [new Finding("LICENSE", 1, "the text of the Apache License 2.0 is missing")];

    private static IEnumerable<Finding> Occurrences(SourceFile file, Regex pattern, string message) =>
        pattern.Matches(file.Text).Select(match => file.AtPosition(match.Index, $"'{match.Value}': {message}"));

    private static bool In(SourceFile file, params string[] folders) =>
        folders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal));

    // The words are put together here so that this file does not find itself.
    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|XX" + @"X|NotImplemented" + @"Exception)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"(?<![\w.~/-])/(ro" + @"ot/|home/[a-z]|work/|Users/[A-Za-z])|[A-Z]:\\Users")]
    private static partial Regex MachinePath();

    [GeneratedRegex(
        @"registry\.npm" + @"js\.org|registry\.yarn" + @"pkg\.com|(api|www)\.nu" + @"get\.org|py" + @"pi\.org"
        + @"|crates\.i" + @"o\b")]
    private static partial Regex Registry();

    [GeneratedRegex(@"""resolved"":")]
    private static partial Regex Resolved();
}
