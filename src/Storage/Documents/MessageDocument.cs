using System.Collections.Immutable;
using Lambent.Kernel.Queues;

namespace Lambent.Storage.Documents;

/// <summary>A message's content without its body, which is a column of its own.</summary>
internal sealed class MessageDocument
{
    public required string Id { get; set; }

    public Dictionary<string, MessageAttributeDocument>? Attributes { get; set; }

    public required string SenderId { get; set; }

    public string? TraceHeader { get; set; }

    public string? GroupId { get; set; }

    public string? DeduplicationId { get; set; }

    public string? DeadLetterSourceArn { get; set; }

    public static MessageDocument From(MessageContent content) => new()
    {
        Id = content.Id,
        Attributes = content.Attributes.IsEmpty
            ? null
            : content.Attributes.ToDictionary(
                attribute => attribute.Key,
                attribute => MessageAttributeDocument.From(attribute.Value),
                StringComparer.Ordinal),
        SenderId = content.SenderId,
        TraceHeader = content.TraceHeader,
        GroupId = content.GroupId,
        DeduplicationId = content.DeduplicationId,
        DeadLetterSourceArn = content.DeadLetterSourceArn,
    };

    public MessageContent ToContent(string body) => new()
    {
        Id = Id,
        Body = body,
        Attributes = Attributes is null
            ? MessageContent.NoAttributes
            : Attributes.ToImmutableSortedDictionary(
                attribute => attribute.Key, attribute => attribute.Value.ToAttribute(), StringComparer.Ordinal),
        SenderId = SenderId,
        TraceHeader = TraceHeader,
        GroupId = GroupId,
        DeduplicationId = DeduplicationId,
        DeadLetterSourceArn = DeadLetterSourceArn,
    };
}

internal sealed class MessageAttributeDocument
{
    public required string Type { get; set; }

    public string? Text { get; set; }

    public byte[]? Bytes { get; set; }

    public static MessageAttributeDocument From(MessageAttribute attribute) => new()
    {
        Type = attribute.DataType,
        Text = attribute.Text,
        Bytes = attribute.Bytes,
    };

    public MessageAttribute ToAttribute() => new(Type, Text, Bytes);
}
