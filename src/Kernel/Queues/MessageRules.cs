using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lambent.Kernel.Queues;

/// <summary>What a message may be: its text, its attributes, its ids, its size.</summary>
public static class MessageRules
{
    private const string Identifiers = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private static readonly string[] Types = ["String", "Number", "Binary"];

    /// <summary>What most texts are made of.</summary>
    private static readonly SearchValues<char> UsualCharacters = SearchValues.Create(
        ['\t', '\n', '\r', .. Enumerable.Range(' ', 0x7E - ' ' + 1).Select(character => (char)character)]);

    /// <summary>The characters that XML can carry.</summary>
    public static Error? CheckText(string body)
    {
        var unusual = body.AsSpan().IndexOfAnyExcept(UsualCharacters);
        foreach (var rune in unusual < 0 ? default : body.AsSpan(unusual).EnumerateRunes())
        {
            var valid = rune.Value is 0x9 or 0xA or 0xD or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD)
                or >= 0x10000;
            if (!valid)
            {
                return new Error(
                    ErrorCode.MessageContentsInvalid,
                    $"Invalid binary character '#x{rune.Value:X}' was found in the message body, the set of allowed "
                    + "characters is #x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]",
                    "MessageBody");
            }
        }

        return null;
    }

    /// <summary>Bytes that count against the limits: the body, and names, types and values of attributes.</summary>
    public static int SizeOf(string body, IReadOnlyDictionary<string, MessageAttribute> attributes) =>
        Encoding.UTF8.GetByteCount(body) + attributes.Sum(attribute =>
            Encoding.UTF8.GetByteCount(attribute.Key)
            + Encoding.UTF8.GetByteCount(attribute.Value.DataType)
            + (attribute.Value.Bytes?.Length ?? 0)
            + Encoding.UTF8.GetByteCount(attribute.Value.Text ?? ""));

    public static Error? CheckAttributes(IReadOnlyDictionary<string, MessageAttribute> attributes)
    {
        if (attributes.Count > Limits.MessageAttributesMax)
        {
            return Invalid(
                $"Number of message attributes [{attributes.Count}] exceeds the allowed maximum "
                + $"[{Limits.MessageAttributesMax}].");
        }

        foreach (var (name, attribute) in attributes)
        {
            if ((CheckName(name) ?? CheckAttribute(name, attribute)) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>A message group id or a deduplication id.</summary>
    public static Error? CheckIdentifier(string value, string parameter) =>
        value.Length is > 0 and <= Limits.MessageGroupIdLengthMax
        && value.All(character =>
            char.IsAsciiLetterOrDigit(character) || Identifiers.Contains(character, StringComparison.Ordinal))
            ? null
            : QueueErrors.Invalid(
                value,
                parameter,
                $"{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.");

    private static Error? CheckName(string name)
    {
        if (name.Length is 0 or > Limits.MessageAttributeNameLengthMax)
        {
            return Invalid($"Message attribute name must be shorter than {Limits.MessageAttributeNameLengthMax} "
                + "characters and not empty.");
        }

        if (name.StartsWith("AWS.", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Amazon.", StringComparison.OrdinalIgnoreCase))
        {
            return Invalid($"Message attribute name '{name}' cannot start with a reserved prefix like 'AWS.' or "
                + "'Amazon.'.");
        }

        var valid = name[0] != '.' && name[^1] != '.' && !name.Contains("..", StringComparison.Ordinal)
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');
        return valid
            ? null
            : Invalid($"Message attribute name '{name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, "
                + "underscore (_), hyphen (-), and period (.) characters. It cannot start or end with a period and "
                + "periods cannot follow each other.");
    }

    private static Error? CheckAttribute(string name, MessageAttribute attribute)
    {
        var type = attribute.DataType.Split('.', 2)[0];
        if (attribute.DataType.Length is 0 or > Limits.MessageAttributeNameLengthMax
            || !Types.Contains(type, StringComparer.Ordinal))
        {
            return Invalid(
                $"The message attribute '{name}' has an invalid message attribute type, the set of supported type "
                + "prefixes is Binary, Number, and String.");
        }

        var isEmpty = type == "Binary" ? attribute.Bytes is not { Length: > 0 } : string.IsNullOrEmpty(attribute.Text);
        if (isEmpty || (attribute.Bytes is not null && attribute.Text is not null))
        {
            return Invalid(
                $"Message (user) attribute '{name}' must contain a non-empty value of type "
                + $"'{(type == "Binary" ? "Binary" : "String")}'.");
        }

        if (attribute.Text is { } text && CheckText(text) is not null)
        {
            return Invalid($"The value of the message attribute '{name}' contains characters that are not allowed.");
        }

        return type == "Number"
            && !decimal.TryParse(attribute.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            && !double.TryParse(attribute.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                ? Invalid($"Can't cast the value of message (user) attribute '{name}' to a number.")
                : null;
    }

    private static Error Invalid(string message) => new(ErrorCode.InvalidParameter, message, "MessageAttributes");
}
