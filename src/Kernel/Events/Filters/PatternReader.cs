using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Lambent.Kernel.Events.Filters;

/// <summary>
/// A pattern that cannot be one; the message is AWS's. Never leaves <see cref="EventPattern.Parse"/>.
/// </summary>
internal sealed class PatternException(string message) : Exception(message);

/// <summary>Reads patterns from their JSON.</summary>
internal static class PatternReader
{
    private const string Or = "$or";
    private const string IgnoreCase = "equals-ignore-case";

    public static JsonDocumentOptions Options { get; } = new() { AllowDuplicateProperties = false };

    public static FieldsPattern Fields(JsonElement parent)
    {
        var fields = new List<(string, PatternNode)>();
        var choices = new List<IReadOnlyList<FieldsPattern>>();
        foreach (var field in parent.EnumerateObject())
        {
            // As a name, $or is a field like any other unless it holds alternatives.
            if (field.Name == Or && field.Value.ValueKind == JsonValueKind.Array)
            {
                choices.Add(Choice(field.Value));
            }
            else
            {
                fields.Add((field.Name, Node(field)));
            }
        }

        return fields.Count + choices.Count > 0
            ? new FieldsPattern(fields, choices)
            : throw new PatternException("Empty objects are not allowed");
    }

    private static FieldsPattern[] Choice(JsonElement list) => list.GetArrayLength() >= 2
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object
            ? Fields(item)
            : throw new PatternException("\"$or\" must be an array of objects"))]
        : throw new PatternException("There must have at least 2 Objects in $or relationship");

    private static PatternNode Node(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.Object => Fields(field.Value),
        JsonValueKind.Array when field.Value.GetArrayLength() == 0 =>
            throw new PatternException("Empty arrays are not allowed"),
        JsonValueKind.Array => new ValuePattern([.. field.Value.EnumerateArray().Select(Rule)]),
        _ => throw new PatternException($"\"{field.Name}\" must be an object or an array"),
    };

    private static PatternRule Rule(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.Object => Operator(item),
        JsonValueKind.Array =>
            throw new PatternException("Match value must be String, number, true, false, or null"),
        _ => Exact(item),
    };

    private static PatternRule Exact(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new TextRule(value.GetString()!),
        JsonValueKind.Number => new NumberRule(PatternNumber.From(value)),
        var kind => new LiteralRule(kind),
    };

    private static PatternRule Operator(JsonElement item)
    {
        var members = item.EnumerateObject().ToArray();
        if (members.Length != 1)
        {
            throw new PatternException("Only one key allowed in match expression");
        }

        var (name, value) = (members[0].Name, members[0].Value);
        return name switch
        {
            "prefix" or "suffix" => Affix(name, value, "match pattern must be a string"),
            IgnoreCase => new TextRule(
                Text(value, $"{name} match pattern must be a string"), StringComparison.OrdinalIgnoreCase),
            "wildcard" => Wildcard(value),
            "numeric" => NumericReader.Read(value),
            "exists" when value.ValueKind is JsonValueKind.True or JsonValueKind.False =>
                new ExistsRule(value.GetBoolean()),
            "exists" => throw new PatternException("exists match pattern must be either true or false."),
            "cidr" => Address(Text(value, "prefix match pattern must be a string")),
            "anything-but" => AnythingBut(value),
            _ => throw new PatternException($"Unrecognized match type {name}"),
        };
    }

    private static PatternRule Affix(string name, JsonElement value, string explanation)
    {
        var comparison = StringComparison.Ordinal;
        if (value.ValueKind == JsonValueKind.Object)
        {
            var members = value.EnumerateObject().ToArray();
            if (members.Length != 1 || members[0].Name != IgnoreCase)
            {
                throw new PatternException($"Unsupported {name} pattern: {members.FirstOrDefault().Name}");
            }

            value = members[0].Value;
            comparison = StringComparison.OrdinalIgnoreCase;
        }

        var text = Text(value, $"{name} {explanation}");
        return name == "prefix" ? new PrefixRule(text, comparison) : new SuffixRule(text, comparison);
    }

    private static WildcardRule Wildcard(JsonElement value) =>
        WildcardText.Parse(Text(value, "wildcard match pattern must be a string"), out var wrong) is { } pattern
            ? new WildcardRule(pattern)
            : throw new PatternException(wrong);

    private static AnythingButRule AnythingBut(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            var members = value.EnumerateObject().ToArray();
            if (members.Length != 1)
            {
                throw new PatternException("Only one key allowed in match expression");
            }

            return new AnythingButRule([.. Nested(members[0].Name, members[0].Value)]);
        }

        var excluded = Items(value);
        var ofOneKind = excluded.All(item => item.ValueKind == JsonValueKind.String)
            || excluded.All(item => item.ValueKind == JsonValueKind.Number)
            || (excluded.Length == 1 && value.ValueKind is JsonValueKind.True or JsonValueKind.False);
        return ofOneKind
            ? new AnythingButRule([.. excluded.Select(Exact)])
            : throw new PatternException("Inside anything but list, start|null|boolean is not supported.");
    }

    private static IEnumerable<PatternRule> Nested(string name, JsonElement value)
    {
        foreach (var item in Items(value))
        {
            if (item.ValueKind != JsonValueKind.String && name is "prefix" or "suffix" or "wildcard")
            {
                throw new PatternException($"{name} match pattern must be a string");
            }

            if (name is "prefix" or "suffix" && item.GetString() is "")
            {
                throw new PatternException("Null prefix/suffix not allowed");
            }

            yield return name switch
            {
                "prefix" or "suffix" => Affix(name, item, "match pattern must be a string"),
                "wildcard" => Wildcard(item),
                IgnoreCase => new TextRule(
                    Text(item, $"Inside anything-but/{IgnoreCase} list, number|start|null|boolean is not supported."),
                    StringComparison.OrdinalIgnoreCase),
                _ => throw new PatternException($"Unsupported anything-but pattern: {name}"),
            };
        }
    }

    private static JsonElement[] Items(JsonElement value)
    {
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return items.Length > 0 ? items : throw new PatternException("Empty arrays are not allowed");
    }

    private static AddressRule Address(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 2)
        {
            throw new PatternException("Malformed CIDR, one '/' required");
        }

        if (!IPAddress.TryParse(parts[0], out var address))
        {
            throw new PatternException($"Nonstandard IP address: {parts[0]}");
        }

        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            throw new PatternException("Malformed CIDR, mask bits must be an integer");
        }

        var bytes = address.GetAddressBytes();
        if (bits > bytes.Length * 8)
        {
            throw new PatternException($"Malformed CIDR, mask bits must be between 0 and {bytes.Length * 8}");
        }

        // The address may have bits below the mask; the network has none.
        for (var bit = bits; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new AddressRule(new IPNetwork(new IPAddress(bytes), bits));
    }

    private static string Text(JsonElement value, string explanation) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new PatternException(explanation);
}
