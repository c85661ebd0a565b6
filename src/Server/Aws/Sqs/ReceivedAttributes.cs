using Lambent.Kernel.Queues;
using Lambent.Server.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Which attributes a receive asked for, and messages with no others.</summary>
internal sealed class ReceivedAttributes(IReadOnlyList<string> system, IReadOnlyList<string> names)
{
    private const string All = "All";

    /// <summary>A name that no system attribute has, or null.</summary>
    public string? Unknown => system.FirstOrDefault(name => name != All && !QueueAttributes.IsKnown(name)
        && !SystemAttributes.IsKnown(name));

    public SqsValue Write(ReceivedMessage message)
    {
        // Most receives ask for nothing, and most messages have nothing.
        KeyValuePair<string, MessageAttribute>[] asked = names.Count == 0 || message.Content.Attributes.IsEmpty
            ? []
            : [.. message.Content.Attributes.Where(attribute => IsAsked(attribute.Key))];
        var attributes = asked.Select(attribute => KeyValuePair.Create<string, SqsValue>(
            attribute.Key, Write(attribute.Value)));
        return new SqsStructure(
            ("MessageId", new SqsText(message.Content.Id)),
            ("ReceiptHandle", new SqsText(message.ReceiptHandle)),
            ("MD5OfBody", new SqsText(MessageDigest.OfBody(message.Content.Body))),
            ("Body", new SqsText(message.Content.Body)),
            ("Attributes", system.Count == 0 ? null : SqsMap.OrNull("Attribute", "Name", Asked(message))),
            ("MD5OfMessageAttributes", MessageDigest.OfAttributes(asked) is { } md5 ? new SqsText(md5) : null),
            ("MessageAttributes", asked.Length == 0
                ? null
                : new SqsMap("MessageAttribute", "Name", [.. attributes])));
    }

    private static SqsStructure Write(MessageAttribute attribute) => new(
        ("StringValue", attribute.Text is null ? null : new SqsText(attribute.Text)),
        ("BinaryValue", attribute.Bytes is null ? null : new SqsText(Convert.ToBase64String(attribute.Bytes))),
        ("DataType", new SqsText(attribute.DataType)));

    private IEnumerable<KeyValuePair<string, string>> Asked(ReceivedMessage message) =>
        SystemAttributes.Of(message).Where(attribute => system.Contains(All, StringComparer.Ordinal)
            || system.Contains(attribute.Key, StringComparer.Ordinal));

    /// <summary>All and .* are every attribute, a name with .* at its end all that start so.</summary>
    private bool IsAsked(string name) => names.Any(asked => asked is All or ".*" || asked == name
        || (asked.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(asked[..^2], StringComparison.Ordinal)));
}
