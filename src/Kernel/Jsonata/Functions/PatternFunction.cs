using Lambent.Kernel.Jsonata.Patterns;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>
/// A regular expression: called with a string it gives the first match, which knows how to find the next.
/// </summary>
internal sealed class PatternFunction(PatternProgram program) : FunctionValue
{
    public override int ParameterCount => 1;

    public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context) =>
        arguments is [DataText text, ..] ? Next(run, text.Value, 0) : null;

    /// <summary>All matches in turn.</summary>
    public IEnumerable<PatternMatch> Matches(Evaluation run, string text)
    {
        var matcher = new PatternMatcher(program, text, run);
        if (!matcher.TryFind(0, out var match))
        {
            yield break;
        }

        yield return match;
        while (match.End < text.Length && matcher.TryFind(match.End, out match))
        {
            yield return NotEmpty(match);
        }
    }

    public bool IsIn(Evaluation run, string text) => new PatternMatcher(program, text, run).TryFind(0, out _);

    private DataObject? Next(Evaluation run, string text, int start)
    {
        if (!new PatternMatcher(program, text, run).TryFind(start, out var match))
        {
            return null;
        }

        if (start > 0)
        {
            NotEmpty(match);
        }

        return new DataObject(
            ("match", text[match.Start..match.End]),
            ("start", match.Start),
            ("end", match.End),
            ("groups", Groups(match)),
            ("next", new NextMatch(this, text, match.End)));
    }

    /// <summary>After an empty match the next one would be the same.</summary>
    private static PatternMatch NotEmpty(PatternMatch match) => match.End > match.Start
        ? match
        : throw new ExpressionException("D1004", "The regular expression matches an empty text");

    /// <summary>A group that took no part is null.</summary>
    public static DataArray Groups(PatternMatch match) =>
        new([.. match.Groups.Select(group => group is null ? (DataValue)DataNull.Value : group)]);

    /// <summary>The member of a match that finds the next one.</summary>
    internal sealed class NextMatch(PatternFunction pattern, string text, int start) : FunctionValue
    {
        public override int ParameterCount => 0;

        public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context) =>
            start >= text.Length ? null : pattern.Next(run, text, start);
    }
}
