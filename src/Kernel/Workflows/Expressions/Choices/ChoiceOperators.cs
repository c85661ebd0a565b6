using System.Text;
using Lambent.Kernel.Events.Filters;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Choices;

/// <summary>What the right side of a comparison must be.</summary>
internal enum ChoiceOperandKind
{
    Text,
    Number,
    Boolean,
    Timestamp,
    Pattern,
}

/// <summary>
/// A comparison of a Choice's rule. Values that are not of its kind do not fail, they just do not fit.
/// </summary>
/// <param name="Name">As it is written, without <c>Path</c>.</param>
/// <param name="Kind">Of both sides.</param>
/// <param name="HasPath">The right side may be a path too.</param>
/// <param name="Fits">Takes the order of the left side in relation to the right one: below, at or above zero.</param>
internal sealed record ChoiceOperator(string Name, ChoiceOperandKind Kind, bool HasPath, Func<int, bool> Fits)
{
    /// <summary>Does the left value compare as the operator says?</summary>
    public bool Compare(DataValue left, DataValue right) => Kind switch
    {
        ChoiceOperandKind.Text => left is DataText a && right is DataText b
            && Fits(string.CompareOrdinal(a.Value, b.Value)),
        ChoiceOperandKind.Number => left is DataNumber a && right is DataNumber b
            && Fits(a.Equals(b) ? 0 : a.Value <= b.Value ? -1 : 1),
        ChoiceOperandKind.Boolean => left is DataBoolean && right is DataBoolean && left.Equals(right),
        ChoiceOperandKind.Timestamp => Time(left) is { } a && Time(right) is { } b && Fits(a.CompareTo(b)),
        _ => false,
    };

    private static DateTimeOffset? Time(DataValue value) =>
        value is DataText text ? Rfc3339.Read(text.Value) : null;
}

/// <summary>The comparisons of the States Language.</summary>
internal static class ChoiceOperators
{
    private static readonly (string Suffix, Func<int, bool> Fits)[] Orders =
    [
        ("Equals", order => order == 0),
        ("LessThan", order => order < 0),
        ("GreaterThan", order => order > 0),
        ("LessThanEquals", order => order <= 0),
        ("GreaterThanEquals", order => order >= 0),
    ];

    private static readonly Dictionary<string, ChoiceOperator> Comparisons = Orders
        .SelectMany(order => new ChoiceOperator[]
        {
            new($"String{order.Suffix}", ChoiceOperandKind.Text, true, order.Fits),
            new($"Numeric{order.Suffix}", ChoiceOperandKind.Number, true, order.Fits),
            new($"Timestamp{order.Suffix}", ChoiceOperandKind.Timestamp, true, order.Fits),
        })
        .Append(new("BooleanEquals", ChoiceOperandKind.Boolean, true, order => order == 0))
        .Append(new("StringMatches", ChoiceOperandKind.Pattern, false, order => order == 0))
        .ToDictionary(comparison => comparison.Name);

    private static readonly Dictionary<string, Func<DataValue?, bool>> Tests = new()
    {
        ["IsPresent"] = value => value is not null,
        ["IsNull"] = value => value is DataNull,
        ["IsNumeric"] = value => value is DataNumber,
        ["IsString"] = value => value is DataText,
        ["IsBoolean"] = value => value is DataBoolean,
        ["IsTimestamp"] = value => value is DataText text && Rfc3339.Read(text.Value) is not null,
    };

    /// <summary>Every name that a rule may hold, in the order in which messages list them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Comparisons.Values.SelectMany(comparison => comparison.HasPath
            ? new[] { comparison.Name, comparison.Name + "Path" }
            : [comparison.Name]),
        .. Tests.Keys,
    ];

    /// <summary>The comparison of that name, with or without <c>Path</c> at its end.</summary>
    public static ChoiceOperator? Comparison(string name, out bool isPath)
    {
        isPath = name.EndsWith("Path", StringComparison.Ordinal);
        return Comparisons.GetValueOrDefault(isPath ? name[..^4] : name) is { } found && (!isPath || found.HasPath)
            ? found
            : null;
    }

    public static Func<DataValue?, bool>? Test(string name) => Tests.GetValueOrDefault(name);

    /// <summary>Reads a pattern of StringMatches: <c>*</c> stands for any characters, <c>\*</c> for itself.</summary>
    public static WildcardText? Pattern(string text, out string wrong)
    {
        // The shared matcher refuses two stars in a row; here they mean what one means.
        var single = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + 1 < text.Length)
            {
                single.Append(text[index++]);
            }
            else if (text[index] == '*' && single.Length > 0 && single[^1] == '*' && !IsEscaped(single))
            {
                continue;
            }

            single.Append(text[index]);
        }

        return WildcardText.Parse(single.ToString(), out wrong);
    }

    private static bool IsEscaped(StringBuilder text)
    {
        var backslashes = 0;
        for (var index = text.Length - 2; index >= 0 && text[index] == '\\'; index--)
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }
}
