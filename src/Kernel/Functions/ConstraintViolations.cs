using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lambent.Kernel.Functions;

/// <summary>
/// Collects what is wrong with the members of a request and says it as AWS does, all at once:
/// "2 validation errors detected: Value 'x' at 'role' failed to satisfy constraint: …; Value …".
/// Fields are named as AWS names them: camelCase, nested ones with a dot.
/// </summary>
public sealed class ConstraintViolations
{
    /// <summary>A value is echoed up to this many characters: an error is never as large as its request.</summary>
    public const int ValueLengthShownMax = 1_024;

    private readonly List<string> messages = [];

    public int Count => messages.Count;

    /// <summary>The failure that tells all violations, or null when there are none.</summary>
    public Error? ToError() => messages.Count == 0
        ? null
        : new Error(
            ErrorCode.ValidationFailed,
            $"{messages.Count} validation error{(messages.Count == 1 ? "" : "s")} detected: "
            + string.Join("; ", messages));

    /// <param name="value">What was sent; null is shown as null.</param>
    /// <param name="field">Where, such as functionName or loggingConfig.logFormat.</param>
    /// <param name="constraint">A sentence that starts with "Member must".</param>
    public void Add(string? value, string field, string constraint)
    {
        var shown = value is null ? "null" : $"'{Shorten(value)}'";
        messages.Add($"Value {shown} at '{field}' failed to satisfy constraint: {constraint}");
    }

    public void Required(object? value, string field)
    {
        if (value is null)
        {
            Add(null, field, "Member must not be null");
        }
    }

    /// <summary>Null passes; bounds are in characters and inclusive.</summary>
    public void Length(string? value, string field, int min, int max)
    {
        if (value is null)
        {
            return;
        }

        if (value.Length > max)
        {
            Add(value, field, $"Member must have length less than or equal to {max}");
        }
        else if (value.Length < min)
        {
            Add(value, field, $"Member must have length greater than or equal to {min}");
        }
    }

    /// <summary>Null passes; the pattern must be anchored.</summary>
    /// <param name="text">The pattern as AWS prints it.</param>
    public void Pattern(string? value, string field, Regex pattern, string text)
    {
        if (value is not null && !pattern.IsMatch(value))
        {
            Add(value, field, $"Member must satisfy regular expression pattern: {text}");
        }
    }

    /// <summary>Null passes; bounds are inclusive.</summary>
    public void Range(long? value, string field, long min, long? max = null)
    {
        if (value is not { } number)
        {
            return;
        }

        var text = number.ToString(CultureInfo.InvariantCulture);
        if (number > max)
        {
            Add(text, field, $"Member must have value less than or equal to {max}");
        }
        else if (number < min)
        {
            Add(text, field, $"Member must have value greater than or equal to {min}");
        }
    }

    /// <summary>Null passes.</summary>
    public void OneOf(string? value, string field, IReadOnlyCollection<string> allowed)
    {
        if (value is not null && !allowed.Contains(value))
        {
            Add(value, field, $"Member must satisfy enum value set: [{string.Join(", ", allowed)}]");
        }
    }

    private static string Shorten(string value)
    {
        if (value.Length <= ValueLengthShownMax)
        {
            return value;
        }

        // Not between the halves of a surrogate pair, because the message must stay valid text.
        var length = char.IsHighSurrogate(value[ValueLengthShownMax - 1])
            ? ValueLengthShownMax - 1
            : ValueLengthShownMax;
        return new StringBuilder(value, 0, length, length + 1).Append('…').ToString();
    }
}
