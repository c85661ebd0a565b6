using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace Lambent.Server.Aws.Sqs;

/// <summary>
/// The Query protocol's parameters, such as MessageAttribute.1.Value.DataType, as the tree that the JSON protocol sends
/// in the first place. So an operation reads one form only.
/// </summary>
internal static class SqsForm
{
    private const int ParametersMax = 2_048;
    private const int DepthMax = 8;

    /// <summary>Numbered parameters: what the JSON protocol calls them, and for maps what holds the key.</summary>
    private static readonly Dictionary<string, (string Name, string? KeyName)> Lists = new(StringComparer.Ordinal)
    {
        ["Attribute"] = ("Attributes", "Name"),
        ["AttributeName"] = ("AttributeNames", null),
        ["MessageAttribute"] = ("MessageAttributes", "Name"),
        ["MessageSystemAttribute"] = ("MessageSystemAttributes", "Name"),
        ["MessageAttributeName"] = ("MessageAttributeNames", null),
        ["MessageSystemAttributeName"] = ("MessageSystemAttributeNames", null),
        ["Tag"] = ("Tags", "Key"),
        ["TagKey"] = ("TagKeys", null),
        ["AWSAccountId"] = ("AWSAccountIds", null),
        ["ActionName"] = ("Actions", null),
        ["SendMessageBatchRequestEntry"] = ("Entries", null),
        ["DeleteMessageBatchRequestEntry"] = ("Entries", null),
        ["ChangeMessageVisibilityBatchRequestEntry"] = ("Entries", null),
    };

    public static Result<JsonElement> Read(string text)
    {
        var root = new Node();
        try
        {
            using var reader = new FormReader(text)
            {
                ValueCountLimit = ParametersMax,
                KeyLengthLimit = Limits.KiB,
                ValueLengthLimit = Limits.QueueRequestBytesMax,
            };
            foreach (var (key, values) in reader.ReadForm())
            {
                var path = key.Split('.');
                if (path.Length > DepthMax)
                {
                    return Unreadable($"The parameter {key} lies too deep.");
                }

                var node = root;
                foreach (var part in path)
                {
                    node = node.Child(part);
                }

                node.Text = values.ToString();
            }
        }
        catch (InvalidDataException malformed)
        {
            return Unreadable($"The form could not be read: {malformed.Message}");
        }

        return JsonSerializer.SerializeToElement(Structure(root));
    }

    private static JsonNode Structure(Node node)
    {
        if (node.Children.Count == 0)
        {
            return JsonValue.Create(node.Text ?? "");
        }

        var structure = new JsonObject();
        foreach (var (name, child) in node.Children)
        {
            if (Lists.TryGetValue(name, out var list))
            {
                structure[list.Name] = list.KeyName is null ? Items(child) : Map(child, list.KeyName);
            }
            else
            {
                structure[name] = Structure(child);
            }
        }

        return structure;
    }

    private static JsonArray Items(Node node) => node.Children.Count == 0
        ? [JsonValue.Create(node.Text ?? "")]
        : [.. Numbered(node).Select(Structure)];

    private static JsonObject Map(Node node, string keyName)
    {
        var map = new JsonObject();
        foreach (var entry in Numbered(node))
        {
            if (entry.Children.TryGetValue(keyName, out var key))
            {
                map[key.Text ?? ""] = entry.Children.TryGetValue("Value", out var value)
                    ? Structure(value)
                    : JsonValue.Create("");
            }
        }

        return map;
    }

    private static IEnumerable<Node> Numbered(Node node) => node.Children
        .Where(child => IsNumber(child.Key))
        .OrderBy(child => int.Parse(child.Key, CultureInfo.InvariantCulture))
        .Select(child => child.Value);

    private static bool IsNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static Error Unreadable(string message) => new(ErrorCode.RequestUnreadable, message);

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public string? Text { get; set; }

        public Node Child(string name)
        {
            if (!Children.TryGetValue(name, out var child))
            {
                Children[name] = child = new Node();
            }

            return child;
        }
    }
}
