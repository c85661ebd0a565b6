using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Executions;

public enum AttributeComparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>What must hold for one attribute of an execution. Values of another kind do not fit.</summary>
/// <param name="Name">Of the attribute.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what: a text, a number or a boolean.</param>
public sealed record AttributeCondition(string Name, AttributeComparison Comparison, DataValue Value)
{
    // The longer ones first: a < is the begin of a <=.
    private static readonly (string Text, AttributeComparison Comparison)[] Operators =
    [
        ("<=", AttributeComparison.LessOrEqual), (">=", AttributeComparison.GreaterOrEqual),
        ("<", AttributeComparison.Less), (">", AttributeComparison.Greater), ("=", AttributeComparison.Equal),
    ];

    /// <summary>
    /// Reads <c>customer=42</c>, <c>region=north</c>, <c>code="42"</c>, <c>urgent=true</c>, <c>total&gt;=10</c>.
    /// </summary>
    /// <returns>The condition, or what is wrong with it.</returns>
    public static (AttributeCondition? Condition, string? Problem) Read(string text)
    {
        var at = text.IndexOfAny(['<', '>', '=']);
        if (at < 0)
        {
            return (null, $"'{text}' has no comparison: NAME=VALUE, or with <, <=, > or >=");
        }

        var (name, rest) = (text[..at].Trim(), text[at..]);
        if (!SearchAttributes.IsName(name))
        {
            return (null, $"'{name}' is no name of an attribute");
        }

        var (written, comparison) = Operators.First(
            candidate => rest.StartsWith(candidate.Text, StringComparison.Ordinal));
        rest = rest[written.Length..].Trim();
        var value = DataReader.Read(rest).Value is DataText or DataNumber or DataBoolean
            ? DataReader.Read(rest).Value!
            : rest;
        return rest.Length == 0
            ? (null, $"'{text}' compares with nothing; an empty text is \"\"")
            : (new AttributeCondition(name, comparison, value), null);
    }

    /// <summary>Whether it holds.</summary>
    public bool Holds(DataObject attributes)
    {
        if (attributes[Name] is not { } found || found.Kind != Value.Kind)
        {
            return false;
        }

        var order = (found, Value) switch
        {
            (DataNumber one, DataNumber other) => one.Value.CompareTo(other.Value),
            (DataBoolean one, DataBoolean other) => one.Value.CompareTo(other.Value),
            (DataText one, DataText other) => Bytes(one).AsSpan().SequenceCompareTo(Bytes(other)),
            _ => throw new InvalidOperationException($"An attribute is {found.Kind}."),
        };
        return Comparison switch
        {
            AttributeComparison.Equal => order == 0,
            AttributeComparison.Less => order < 0,
            AttributeComparison.LessOrEqual => order <= 0,
            AttributeComparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static byte[] Bytes(DataText text) => Encoding.UTF8.GetBytes(text.Value);
}
