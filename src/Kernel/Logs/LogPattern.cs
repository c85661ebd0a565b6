using System.Text;
using System.Text.RegularExpressions;

namespace Lambent.Kernel.Logs;

/// <summary>
/// A filter pattern of CloudWatch Logs: terms that must all be there, "phrases", -excluded ones, ?any of these,
/// %expressions%, or a condition on a JSON line: <c>{ $.level = "error" &amp;&amp; $.latency &gt; 3 }</c>. Terms match
/// parts of words and distinguish upper and lower case. Patterns for space-delimited lines, <c>[ip, user]</c>, are
/// refused.
/// </summary>
public sealed class LogPattern
{
    private readonly LogCondition? condition;
    private readonly List<LogTerm> required = [];
    private readonly List<LogTerm> excluded = [];
    private readonly List<LogTerm> optional = [];

    private LogPattern(LogCondition condition) => this.condition = condition;

    private LogPattern(IEnumerable<LogTerm> terms)
    {
        foreach (var term in terms)
        {
            (term.Sign switch { '-' => excluded, '?' => optional, _ => required }).Add(term);
        }

        // As AWS has it: beside other terms, those with a question mark are ignored.
        if (required.Count + excluded.Count > 0)
        {
            optional.Clear();
        }
    }

    /// <summary>Whether only lines that are JSON can match.</summary>
    public bool WantsJson => condition is not null;

    /// <summary>The longest text that every line that matches contains; null when nothing is known of them.</summary>
    internal string? Needle => condition is not null ? condition.Needle : required
        .Select(term => term.Text)
        .OfType<string>()
        .MaxBy(text => text.Length);

    internal bool MayMatchPlatform =>
        condition is null && required.TrueForAll(term => term.MayBeInPlatformLine)
        && (optional.Count == 0 || optional.Exists(term => term.MayBeInPlatformLine));

    /// <returns>The pattern, null for an empty one, or why it is none.</returns>
    public static Result<LogPattern?> Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return default(LogPattern);
        }

        if (trimmed.Length > Limits.LogFilterLengthMax)
        {
            return Invalid($"it is longer than {Limits.LogFilterLengthMax} characters");
        }

        if (trimmed[0] == '[')
        {
            return new Error(
                ErrorCode.NotSupported,
                "Invalid filter pattern: patterns for space-delimited lines ([ip, user, ...]) are not supported here. "
                + "Search for terms, or write JSON lines and use { $.member = value }.",
                "filterPattern");
        }

        if (trimmed[0] == '{')
        {
            return new LogConditionReader(trimmed).Read().Select(read => (LogPattern?)new LogPattern(read));
        }

        return ReadTerms(trimmed).Select(terms => (LogPattern?)new LogPattern(terms));
    }

    /// <param name="utf8">The line.</param>
    public bool Matches(ReadOnlySpan<byte> utf8)
    {
        if (condition is not null)
        {
            var json = LineJson.Whole(utf8);
            return !json.IsEmpty && condition.MayMatch(json) && condition.Holds(json);
        }

        foreach (var term in required)
        {
            if (!term.IsIn(utf8))
            {
                return false;
            }
        }

        foreach (var term in excluded)
        {
            if (term.IsIn(utf8))
            {
                return false;
            }
        }

        var any = optional.Count == 0;
        for (var index = 0; !any && index < optional.Count; index++)
        {
            any = optional[index].IsIn(utf8);
        }

        return any;
    }

    internal static Error Invalid(string why) =>
        new(ErrorCode.InvalidParameter, $"Invalid filter pattern: {why}.", "filterPattern");

    private static Result<List<LogTerm>> ReadTerms(string text)
    {
        var terms = new List<LogTerm>();
        for (var position = 0; position < text.Length;)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }

            var sign = text[position] is '-' or '?' ? text[position++] : '+';
            if (ReadTerm(text, ref position, sign).Failed(out var term, out var failure))
            {
                return failure;
            }

            terms.Add(term);
        }

        return terms;
    }

    private static Result<LogTerm> ReadTerm(string text, ref int position, char sign)
    {
        var start = position;
        if (position < text.Length && text[position] is '"' or '%')
        {
            var quote = text[position++];
            var word = new StringBuilder();
            while (position < text.Length && text[position] != quote)
            {
                if (quote == '"' && text[position] == '\\' && position + 1 < text.Length)
                {
                    position++;
                }

                word.Append(text[position++]);
            }

            if (position == text.Length)
            {
                return Invalid($"there is no {quote} at the end of {text[start..]}");
            }

            position++;
            return word.Length == 0
                ? Invalid("there is nothing between the quotes")
                : quote == '%' ? LogTerm.OfExpression(word.ToString(), sign) : LogTerm.Of(word.ToString(), sign);
        }

        while (position < text.Length && !char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position == start
            ? Invalid($"there is no term after the {sign}")
            : LogTerm.Of(text[start..position], sign);
    }
}

/// <summary>A term: text, or a regular expression, whose time grows with the line alone.</summary>
internal sealed class LogTerm
{
    private readonly string text;
    private readonly byte[] utf8;
    private readonly Regex? expression;

    private LogTerm(string text, char sign, Regex? expression) =>
        (this.text, utf8, Sign, this.expression) = (text, Encoding.UTF8.GetBytes(text), sign, expression);

    /// <summary>Plus, minus, or a question mark.</summary>
    public char Sign { get; }

    /// <summary>Null for an expression.</summary>
    public string? Text => expression is null ? text : null;

    public bool MayBeInPlatformLine => expression is not null || PlatformLines.MayContain(text);

    public static LogTerm Of(string text, char sign) => new(text, sign, null);

    public static Result<LogTerm> OfExpression(string text, char sign) =>
        Compile(text).Select(expression => new LogTerm(text, sign, expression));

    public static Result<Regex> Compile(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return LogPattern.Invalid($"%{text}% is not a regular expression that is supported here");
        }
    }

    public bool IsIn(ReadOnlySpan<byte> line) =>
        expression is null ? line.IndexOf(utf8) >= 0 : expression.IsMatch(Encoding.UTF8.GetString(line));
}
