using System.Globalization;
using System.Text.Json.Serialization;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/queues/NAME/messages and /groups.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeekAnswer))]
[JsonSerializable(typeof(PeekedMessage))]
[JsonSerializable(typeof(GroupsAnswer))]
internal sealed partial class PeekJson : JsonSerializerContext;

/// <param name="Messages">In the order in which they were sent.</param>
/// <param name="Next">What to give as after for more, or null.</param>
internal sealed record PeekAnswer(IReadOnlyList<PeekedMessage> Messages, string? Next);

internal sealed record PeekedMessage
{
    /// <summary>By which it is found; text, because it may be larger than a JavaScript number.</summary>
    public required string Sequence { get; init; }

    public required string Id { get; init; }

    /// <summary>visible, in-flight or delayed.</summary>
    public required string State { get; init; }

    public required string Body { get; init; }

    /// <summary>Characters of the whole body; more than there are in <see cref="Body"/> where a list cuts it.</summary>
    public required int BodyLength { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When it can be received.</summary>
    public required DateTimeOffset VisibleAt { get; init; }

    public required int ReceiveCount { get; init; }

    public DateTimeOffset? FirstReceivedAt { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    public string? Group { get; init; }

    public int? Priority { get; init; }

    public string? DeduplicationId { get; init; }

    /// <summary>The queue it was moved away from because it was received too often.</summary>
    public string? DeadLetterSource { get; init; }

    public string? TraceHeader { get; init; }

    public IReadOnlyDictionary<string, PeekedAttribute>? Attributes { get; init; }

    public static PeekedMessage From(MessageState state, MessageContent content, DateTimeOffset now, int shown) => new()
    {
        Sequence = state.Sequence.ToString(CultureInfo.InvariantCulture),
        Id = content.Id,
        State = state.IsVisible(now) ? "visible" : state.IsInFlight(now) ? "in-flight" : "delayed",
        Body = Cut(content.Body, shown),
        BodyLength = content.Body.Length,
        SentAt = state.SentAt,
        VisibleAt = state.VisibleAt,
        ReceiveCount = state.ReceiveCount,
        FirstReceivedAt = state.FirstReceivedAt,
        ReceivedAt = state.ReceivedAt,
        Group = content.GroupId,
        Priority = state.Priority,
        DeduplicationId = content.DeduplicationId,
        DeadLetterSource = content.DeadLetterSourceArn,
        TraceHeader = content.TraceHeader,
        Attributes = content.Attributes.IsEmpty ? null : content.Attributes.ToDictionary(
            attribute => attribute.Key,
            attribute => new PeekedAttribute(
                attribute.Value.DataType,
                attribute.Value.Text,
                attribute.Value.Bytes is { } bytes ? Convert.ToBase64String(bytes) : null)),
    };

    /// <summary>Never half of a character that takes two.</summary>
    private static string Cut(string body, int shown) =>
        body.Length <= shown ? body
        : char.IsHighSurrogate(body[shown - 1]) ? body[..(shown - 1)]
        : body[..shown];
}

/// <param name="Type">String, Number or Binary, with a suffix of the sender's own.</param>
/// <param name="Text">Unless it is Binary.</param>
/// <param name="Base64">Of a Binary.</param>
internal sealed record PeekedAttribute(string Type, string? Text, string? Base64);

/// <param name="Groups">Those with the most messages first.</param>
/// <param name="IsComplete">False when there are more.</param>
internal sealed record GroupsAnswer(IReadOnlyList<GroupAnswer> Groups, bool IsComplete);

/// <summary>The messages with one message group and one priority.</summary>
internal sealed record GroupAnswer
{
    public string? Group { get; init; }

    public int? Priority { get; init; }

    public required long Waiting { get; init; }

    public required long InFlight { get; init; }

    public required long Delayed { get; init; }

    public required double OldestAgeSeconds { get; init; }

    /// <summary>When the next one that is hidden becomes visible.</summary>
    public DateTimeOffset? NextVisibleAt { get; init; }

    public static GroupAnswer From(MessageShare share, DateTimeOffset now) => new()
    {
        Group = share.GroupId,
        Priority = share.Priority,
        Waiting = share.Counts.Visible,
        InFlight = share.Counts.InFlight,
        Delayed = share.Counts.Delayed,
        OldestAgeSeconds = Math.Max(0, (now - share.OldestSentAt).TotalSeconds),
        NextVisibleAt = share.NextVisibleAt,
    };
}
