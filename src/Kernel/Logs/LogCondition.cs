using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Logs;

/// <summary>A condition on a JSON line.</summary>
internal abstract class LogCondition
{
    /// <param name="json">The line, an object as it seems.</param>
    public abstract bool Holds(ReadOnlySpan<byte> json);

    /// <summary>False when a look at the bytes tells already that it does not hold.</summary>
    public abstract bool MayMatch(ReadOnlySpan<byte> json);

    /// <summary>Text that every line contains for which it holds; null when nothing is known of them.</summary>
    public abstract string? Needle { get; }
}

/// <summary>All of some conditions, or any.</summary>
internal sealed class LogConditions(IReadOnlyList<LogCondition> parts, bool all) : LogCondition
{
    public override string? Needle =>
        all ? parts.Select(part => part.Needle).OfType<string>().MaxBy(text => text.Length) : null;

    public override bool Holds(ReadOnlySpan<byte> json)
    {
        foreach (var part in parts)
        {
            if (part.Holds(json) != all)
            {
                return !all;
            }
        }

        return all;
    }

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
    private readonly byte[] needle = comparison == "NOT EXISTS" ? []
        : comparison == "=" && operand.IsWord ? Encoding.UTF8.GetBytes(operand.Text)
        : Encoding.UTF8.GetBytes(selector.LastName);

    public override string? Needle => needle.Length == 0 ? null : Encoding.UTF8.GetString(needle);

    public override bool MayMatch(ReadOnlySpan<byte> json) => json.IndexOf(needle) >= 0;

    public override bool Holds(ReadOnlySpan<byte> json)
    {
        if (!MayMatch(json) || !selector.TrySelect(json, out var found))
        {
            return false;
        }

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

    public string Text => text;

    /// <summary>Whether a string that equals it is written as it is, whoever writes it.</summary>
    public bool IsWord => pattern is null && IsPlainWord(text);

    /// <summary>Letters and digits, and what is no number, true or false, which may be written in several ways.</summary>
    internal static bool IsPlainWord(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text is not ("true" or "false" or "null" or "NaN" or "Infinity")
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

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

    /// <summary>The same in bytes; null when it leads to several values.</summary>
    private readonly object[]? single = steps.Contains(AnyItem)
        ? null
        : [.. steps.Select(step => step is string name ? Encoding.UTF8.GetBytes(name) : step)];

    /// <summary>The name that a line must contain.</summary>
    public string LastName { get; } = steps.OfType<string>().LastOrDefault() ?? "";

    /// <returns>False when the line is not JSON.</returns>
    public bool TrySelect(ReadOnlySpan<byte> json, out List<DataValue> found)
    {
        found = [];
        if (single is not null)
        {
            var isJson = JsonMember.TryFind(json, single, out var value);
            if (value is not null)
            {
                found.Add(value);
            }

            return isJson;
        }

        if (LineJson.Read(json) is not { } line)
        {
            return false;
        }

        found.Add(line);
        foreach (var step in steps)
        {
            found = [.. found.SelectMany(value => Take(value, step))];
        }

        return true;
    }

    private static IEnumerable<DataValue> Take(DataValue value, object step) => step switch
    {
        string name => value[name] is { } member ? [member] : [],
        int index => value is DataArray array && index < array.Items.Count ? [array.Items[index]] : [],
        _ => value is DataArray all ? all.Items : [],
    };
}
