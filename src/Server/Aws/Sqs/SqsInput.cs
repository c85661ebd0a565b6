using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>
/// The parameters of a request, whichever protocol brought them. The first that cannot be read is remembered: an
/// operation reads all it wants and then looks at <see cref="Failure"/>.
/// </summary>
internal sealed class SqsInput
{
    private readonly JsonElement members;
    private readonly bool isForm;
    private readonly SqsInput? root;
    private Error? failure;

    /// <param name="members">An object; in a form every value in it is text.</param>
    /// <param name="isForm">It came by the Query protocol.</param>
    /// <param name="root">Where the failures of an entry are remembered, or null for here.</param>
    public SqsInput(JsonElement members, bool isForm, SqsInput? root = null)
    {
        this.members = members;
        this.isForm = isForm;
        this.root = root;
    }

    public Error? Failure => root is null ? failure : root.Failure;

    public string? Text(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : Refuse<string>(name, "a string");
    }

    public string Required(string name)
    {
        if (Text(name) is { Length: > 0 } text)
        {
            return text;
        }

        Remember(QueueErrors.Missing(name));
        return "";
    }

    public int? Number(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        // AWS takes numbers in strings too, which older clients send.
        if (value.ValueKind == JsonValueKind.String && int.TryParse(
            value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed))
        {
            return parsed;
        }

        if (isForm)
        {
            Remember(QueueErrors.Invalid(value.ToString(), name, "Must be an integer."));
            return null;
        }

        Refuse<string>(name, "an integer");
        return null;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        var items = List(name);
        if (items.Exists(item => item.ValueKind != JsonValueKind.String))
        {
            Refuse<string>(name, "a list of strings");
            return [];
        }

        return [.. items.Select(item => item.GetString()!)];
    }

    public ImmutableSortedDictionary<string, string> Map(string name)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(name))
        {
            if (value.ValueKind != JsonValueKind.String)
            {
                Refuse<string>(name, "a map of strings");
                break;
            }

            map[key] = value.GetString()!;
        }

        return map.ToImmutable();
    }

    /// <summary>Structures in a list, such as the entries of a batch.</summary>
    public IReadOnlyList<SqsInput> Structures(string name)
    {
        var items = List(name);
        if (items.Exists(item => item.ValueKind != JsonValueKind.Object))
        {
            Refuse<string>(name, "a list of structures");
            return [];
        }

        return [.. items.Select(item => new SqsInput(item, isForm, root ?? this))];
    }

    public ImmutableSortedDictionary<string, MessageAttribute> Attributes(string name)
    {
        if (!members.TryGetProperty(name, out _))
        {
            return MessageContent.NoAttributes;
        }

        var attributes = MessageContent.NoAttributes.ToBuilder();
        foreach (var (key, value) in Entries(name))
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                Refuse<string>(name, "a map of structures");
                break;
            }

            var attribute = new SqsInput(value, isForm, root ?? this);
            attributes[key] = new MessageAttribute(
                attribute.Text("DataType") ?? "", attribute.Text("StringValue"), attribute.Bytes("BinaryValue"));
        }

        return attributes.ToImmutable();
    }

    private byte[]? Bytes(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : Refuse<byte[]>(name, "Base64");
    }

    private bool TryGet(string name, out JsonElement value) =>
        members.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private List<JsonElement> List(string name)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray()];
        }

        Refuse<string>(name, "a list");
        return [];
    }

    private IEnumerable<(string Key, JsonElement Value)> Entries(string name)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return value.EnumerateObject().Select(property => (property.Name, property.Value));
        }

        Refuse<string>(name, "a map");
        return [];
    }

    private T? Refuse<T>(string name, string wanted)
        where T : class
    {
        Remember(new Error(ErrorCode.RequestUnreadable, $"The value of {name} is not {wanted}.", name));
        return null;
    }

    private void Remember(Error error)
    {
        if (root is not null)
        {
            root.Remember(error);
            return;
        }

        failure ??= error;
    }
}
