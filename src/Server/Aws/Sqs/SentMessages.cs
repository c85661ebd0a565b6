using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>The shapes of a message to send, alone or in a batch.</summary>
internal static class SentMessages
{
    /// <summary>The one system attribute that senders may set.</summary>
    private const string TraceHeader = "AWSTraceHeader";

    /// <param name="input">Of the message.</param>
    /// <param name="requestTrace">What the request says of the trace, for a message that says nothing.</param>
    public static Result<SendRequest> Read(SqsInput input, string? requestTrace)
    {
        var body = input.Required("MessageBody");
        var systemAttributes = input.Attributes("MessageSystemAttributes");
        var request = new SendRequest
        {
            Body = body,
            Attributes = input.Attributes("MessageAttributes"),
            DelaySeconds = input.Number("DelaySeconds"),
            GroupId = input.Text("MessageGroupId"),
            DeduplicationId = input.Text("MessageDeduplicationId"),
            TraceHeader = systemAttributes.GetValueOrDefault(TraceHeader)?.Text,
            RequestTrace = requestTrace,
        };
        if (input.Failure is { } unreadable)
        {
            return unreadable;
        }

        return systemAttributes.Keys.FirstOrDefault(name => name != TraceHeader) is { } unknown
            ? new Error(
                ErrorCode.InvalidParameter,
                $"Message system attribute name '{unknown}' is invalid.",
                "MessageSystemAttributes")
            : request;
    }

    public static (string Name, SqsValue? Value)[] Write(SendRequest request, SentMessage sent, QueueId queue) =>
    [
        ("MD5OfMessageBody", new SqsText(MessageDigest.OfBody(request.Body))),
        ("MD5OfMessageAttributes", Optional(MessageDigest.OfAttributes(request.Attributes))),
        ("MD5OfMessageSystemAttributes", Optional(OfTraceHeader(request.TraceHeader))),
        ("MessageId", new SqsText(sent.Id)),
        ("SequenceNumber", queue.IsFifo ? new SqsText(SystemAttributes.SequenceNumber(sent.Sequence)) : null),
    ];

    private static string? OfTraceHeader(string? trace) => trace is null
        ? null
        : MessageDigest.OfAttributes([KeyValuePair.Create(TraceHeader, new MessageAttribute("String", trace, null))]);

    private static SqsText? Optional(string? text) => text is null ? null : new SqsText(text);
}
