using System.Text.RegularExpressions;
using Lambent.Tidy.Files;
using Lambent.Tidy.Syntax;

namespace Lambent.Tidy.Rules;

/// <summary>Every failure that a user can see has a page in docs/errors, and every page a failure.</summary>
internal static partial class ErrorPages
{
    public const string ServerCodes = "src/Kernel/ErrorCode.cs";
    public const string CommandCodes = "src/Cli/Commands/Failure.cs";
    public const string AwsMapping = "src/Server/Aws/Protocols/AwsErrors.cs";

    private const string Folder = "docs/errors";
    private const string IndexPath = Folder + "/README.md";
    private static readonly string[] Sections = ["## What happened", "## Why", "## Fix"];

    public static IEnumerable<Finding> Check(Repository repository)
    {
        var codes = CodesOf(repository).ToList();
        var known = codes.Select(code => code.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, declared) in codes.DistinctBy(code => code.Name))
        {
            if (repository.Find($"{Folder}/{name}.md") is not { } page)
            {
                yield return declared with { Message = $"{name} has no page: write {Folder}/{name}.md" };
                continue;
            }

            foreach (var finding in Form(page, name))
            {
                yield return finding;
            }
        }

        foreach (var page in repository.Matching(path => path.StartsWith(Folder + "/", StringComparison.Ordinal)))
        {
            if (page.Path != IndexPath && !known.Contains(page.Name[..^page.Extension.Length]))
            {
                yield return page.AsWhole("no error has this code; a page is never kept for one that is gone");
            }
        }

        foreach (var finding in Index(repository, known).Concat(Mapping(repository)))
        {
            yield return finding;
        }
    }

    /// <summary>The members of ErrorCode, and the codes that the command line finds itself.</summary>
    private static IEnumerable<(string Name, Finding Declared)> CodesOf(Repository repository) =>
        ServerCodesOf(repository).Concat(CommandCodesOf(repository));

    private static IEnumerable<(string Name, Finding Declared)> ServerCodesOf(Repository repository)
    {
        if (repository.Find(ServerCodes) is { } server)
        {
            var mask = CSharpMask.Of(server.Text);
            var body = mask.IndexOf('{');
            foreach (Match member in Member().Matches(mask, Math.Max(0, body)))
            {
                yield return (member.Groups["name"].Value, server.AtPosition(member.Groups["name"].Index, ""));
            }
        }
    }

    private static IEnumerable<(string Name, Finding Declared)> CommandCodesOf(Repository repository)
    {
        if (repository.Find(CommandCodes) is { } command)
        {
            foreach (Match constant in Constant().Matches(command.Text))
            {
                yield return (constant.Groups["code"].Value, command.AtPosition(constant.Index, ""));
            }
        }
    }

    private static IEnumerable<Finding> Form(SourceFile page, string name)
    {
        if (page.Lines[0] != $"# {name}")
        {
            yield return page.AsWhole($"the page begins with: # {name}");
        }

        foreach (var section in Sections.Where(section => !page.Lines.Contains(section)))
        {
            yield return page.AsWhole($"the page has no section: {section}");
        }

        if (!page.Text.Contains("```console\n$ ", StringComparison.Ordinal))
        {
            yield return page.AsWhole("the fix is not shown as a command");
        }
    }

    private static IEnumerable<Finding> Index(Repository repository, HashSet<string> known)
    {
        if (repository.Find(IndexPath) is not { } index)
        {
            return known.Count == 0 ? [] : [new Finding(IndexPath, 1, "the index is missing")];
        }

        return known.Where(code => !index.Text.Contains($"[{code}]({code}.md)", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(code => index.AsWhole($"{code} is not in the index"));
    }

    /// <summary>What a page says that AWS clients see is what the server's one mapping sends.</summary>
    private static IEnumerable<Finding> Mapping(Repository repository)
    {
        if (repository.Find(AwsMapping) is not { } mapping)
        {
            yield break;
        }

        var rows = MappingRow().Matches(mapping.Text);
        var mapped = rows.Select(row => row.Groups["code"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, declared) in ServerCodesOf(repository).Where(code => !mapped.Contains(code.Name)))
        {
            yield return declared with { Message = $"{name} is not mapped: add a line to {AwsMapping}" };
        }

        foreach (Match row in rows)
        {
            var seen = $"| AWS clients | {row.Groups["status"].Value} `{row.Groups["type"].Value}` |";
            var page = repository.Find($"{Folder}/{row.Groups["code"].Value}.md");
            if (page is not null && !page.Lines.Contains(seen))
            {
                yield return page.AsWhole($"AwsErrors maps the code otherwise; the line must be: {seen}");
            }
        }
    }

    [GeneratedRegex(@"(?<=[{,]\s*)(?<name>[A-Z]\w*)(?=\s*[,}=])")]
    private static partial Regex Member();

    [GeneratedRegex(@"public const string \w+ = ""(?<code>[A-Z]\w*)"";")]
    private static partial Regex Constant();

    [GeneratedRegex(@"ErrorCode\.(?<code>\w+) => \((?<status>\d{3}), ""(?<type>\w+)""\)")]
    private static partial Regex MappingRow();
}
