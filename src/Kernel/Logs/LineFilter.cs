using System.Buffers;
using System.Text;

namespace Lambent.Kernel.Logs;

/// <summary>Which lines are wanted. What is not set lets everything pass; what is set must all hold.</summary>
public sealed record LineFilter
{
    private readonly byte[] text = [];

    /// <summary>Text that the line contains, as it is written; empty for any.</summary>
    public string Text
    {
        get => Encoding.UTF8.GetString(text);
        init => text = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>A filter pattern in CloudWatch's language.</summary>
    public LogPattern? Pattern { get; init; }

    public IReadOnlyList<LineField> Fields { get; init; } = [];

    /// <summary>As grave as this, or graver.</summary>
    public LineLevel Level { get; init; }

    /// <summary>Whether only lines that functions wrote can match, not those of the platform.</summary>
    public bool WantsLinesOnly =>
        Level != LineLevel.None || Fields.Count > 0 || Pattern is { WantsJson: true }
        || !PlatformLines.MayContain(Text) || (Pattern is { } pattern && !pattern.MayMatchPlatform);

    /// <summary>Text that every line that matches contains; null when nothing is known of them.</summary>
    public string? Needle =>
        text.Length > 0 ? Text : Pattern?.Needle ?? Fields.Select(wanted => wanted.Needle).FirstOrDefault();

    public bool IsEmpty => text.Length == 0 && Pattern is null && Fields.Count == 0 && Level == LineLevel.None;

    /// <param name="utf8">The line.</param>
    /// <param name="level">The level that was read from it.</param>
    public bool Matches(ReadOnlySpan<byte> utf8, LineLevel level)
    {
        if (level < Level || (text.Length > 0 && utf8.IndexOf(text) < 0) || Pattern?.Matches(utf8) == false)
        {
            return false;
        }

        foreach (var field in Fields)
        {
            if (!field.Matches(utf8, level))
            {
                return false;
            }
        }

        return true;
    }

    public bool Matches(string line, LineLevel level) => IsEmpty || Matches(Encoding.UTF8.GetBytes(line), level);
}

/// <summary>
/// Whether text can stand in START, END and REPORT lines: those are made when they are read, and a search for words
/// that are never in them need not make them.
/// </summary>
internal static class PlatformLines
{
    private const string Words =
        "START RequestId: Version: $LATEST END RequestId: REPORT RequestId: Duration: ms Billed Duration: ms "
        + "Memory Size: MB Max Memory Used: MB Init Duration: ms Status: timeout Status: error "
        + "Error Type: Runtime.ExitError Runtime.OutOfMemory";

    private static readonly SearchValues<char> Figures = SearchValues.Create("0123456789abcdef-.");

    private static readonly char[] Breaks = [' ', '\t', ':', '\n'];

    public static bool MayContain(string text)
    {
        foreach (var word in text.Split(Breaks, StringSplitOptions.RemoveEmptyEntries))
        {
            // The rest of them are ids and numbers.
            if (!Words.Contains(word, StringComparison.Ordinal)
                && word.AsSpan().ContainsAnyExcept(Figures))
            {
                return false;
            }
        }

        return true;
    }
}
