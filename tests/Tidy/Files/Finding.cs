using Shouldly;

namespace Lambent.Tidy.Files;

/// <summary>A place that breaks a rule, and what to do about it.</summary>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}

internal static class FindingAssertions
{
    private const int ShownMax = 60;

    /// <summary>Fails with every finding on its own line, as an editor can jump to it.</summary>
    public static void ShouldBeNone(this IEnumerable<Finding> findings)
    {
        var found = findings.Distinct().ToList();
        var shown = string.Join('\n', found.Take(ShownMax));
        var rest = found.Count > ShownMax ? $"\n… and {found.Count - ShownMax} more" : "";
        found.Count.ShouldBe(0, $"{found.Count} finding(s):\n{shown}{rest}\n");
    }
}
