using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Logs;

/// <summary>A condition on a JSON line.</summary>
internal abstract class LogCondition
{
    public abstract bool Holds(DataValue line);

    /// <summary>False when a look at the bytes tells already that it does not hold.</summary>
    public virtual bool MayMatch(ReadOnlySpan<byte> json) => true;
}

/// <summary>All of some conditions, or any.</summary>
internal sealed class LogConditions(IReadOnlyList<LogCondition> parts, bool all) : LogCondition
{
    public override bool Holds(DataValue line) =>
        all ? parts.All(part => part.Holds(line)) : parts.Any(part => part.Holds(line));

    public override bool MayMatch(ReadOnlySpan<byte> json)
    {
        foreach (var part in parts)
        {
            if (part.MayMatch(json) != all)
            {
                return !all;
            }
        }

        return all;
    }
}

/// <summary>A member's value compared, or whether it is there.</summary>
internal sealed class LogComparison(LogSelector selector, string comparison, LogOperand operand) : LogCondition
{
    public override bool MayMatch(ReadOnlySpan<byte> json) =>
        comparison == "NOT EXISTS" || json.IndexOf(selector.LastName) >= 0;

    public override bool Holds(DataValue line)
    {
        var found = selector.Select(line);
        return comparison switch
        {
            "NOT EXISTS" => found.Count == 0,
            "IS NULL" => found.Exists(value => value.IsNull),
            "IS TRUE" => found.Exists(value => value is DataBoolean { Value: true }),
            "IS FALSE" => found.Exists(value => value is DataBoolean { Value: false }),
            "=" => found.Exists(operand.Equals),
            "!=" => found.Count > 0 && !found.Exists(operand.Equals),
            _ => operand.Number is { } limit && found.Exists(value => value is DataNumber number && comparison switch
            {
                "<" => number.Value < limit,
                "<=" => number.Value <= limit,
                ">" => number.Value > limit,
                _ => number.Value >= limit,
            }),
        };
    }
}

/// <summary>What a member is compared with.</summary>
internal sealed class LogOperand(string text, double? number, Regex? pattern)
{
    /// <summary>For conditions that compare with nothing.</summary>
    public static readonly LogOperand None = new("", null, null);

    public double? Number => number;

    public static Result<LogOperand> Of(string text, bool quoted, bool isExpression)
    {
        if (isExpression)
        {
            return LogTerm.Compile(text).Select(expression => new LogOperand(text, null, expression));
        }

        var number = !quoted && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : default(double?);
        if (number is not null || !text.Contains('*'))
        {
            return new LogOperand(text, number, null);
        }

        var wildcards = "^" + Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        return LogTerm.Compile(wildcards).Select(expression => new LogOperand(text, null, expression));
    }

    public bool Equals(DataValue value) => value switch
    {
        DataNumber other => number is { } own ? own.Equals(other.Value) : Matches(other.Text),
        DataText other => Matches(other.Value),
        DataBoolean other => Matches(other.Value ? "true" : "false"),
        _ => false,
    };

    private bool Matches(string value) => pattern?.IsMatch(value) ?? value == text;
}

/// <summary>Where a value stands: <c>$.users[0].name</c>; <c>[*]</c> is any item.</summary>
internal sealed class LogSelector(IReadOnlyList<object> steps)
{
    /// <summary>Stands for any item of an array.</summary>
    public static readonly object AnyItem = new();

    /// <summary>The name that a line must contain.</summary>
    public byte[] LastName { get; } = Encoding.UTF8.GetBytes(steps.OfType<string>().LastOrDefault() ?? "");

    public List<DataValue> Select(DataValue line)
    {
        var found = new List<DataValue> { line };
        foreach (var step in steps)
        {
            found = [.. found.SelectMany(value => Take(value, step))];
        }

        return found;
    }

    private static IEnumerable<DataValue> Take(DataValue value, object step) => step switch
    {
        string name => value[name] is { } member ? [member] : [],
        int index => value is DataArray array && index < array.Items.Count ? [array.Items[index]] : [],
        _ => value is DataArray all ? all.Items : [],
    };
}
