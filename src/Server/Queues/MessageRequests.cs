using System.Collections.Immutable;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Queues;

/// <summary>A message to send, as its sender gave it.</summary>
internal sealed record SendRequest
{
    public required string Body { get; init; }

    public ImmutableSortedDictionary<string, MessageAttribute> Attributes { get; init; } = MessageContent.NoAttributes;

    /// <summary>Null: the queue's delay.</summary>
    public int? DelaySeconds { get; init; }

    public string? GroupId { get; init; }

    public string? DeduplicationId { get; init; }

    /// <summary>As the sender set it on the message.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>What stands for it when there is none, or null. The sender's digests know nothing of it.</summary>
    public string? RequestTrace { get; init; }
}

/// <summary>What a receive asks for.</summary>
internal sealed record ReceiveRequest
{
    /// <summary>1 to 10.</summary>
    public int MessagesMax { get; init; } = 1;

    /// <summary>Null: the queue's timeout.</summary>
    public int? VisibilitySeconds { get; init; }

    /// <summary>Null: the queue's time.</summary>
    public int? WaitSeconds { get; init; }
}

/// <summary>A message that was handed out.</summary>
internal sealed record ReceivedMessage(MessageContent Content, MessageState State, string ReceiptHandle);
