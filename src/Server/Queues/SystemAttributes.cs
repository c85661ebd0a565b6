using System.Globalization;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Queues;

/// <summary>What a queue says of a message, under the names and in the texts of SQS.</summary>
internal static class SystemAttributes
{
    private static readonly Dictionary<string, Func<ReceivedMessage, string?>> Readers = new(StringComparer.Ordinal)
    {
        ["SenderId"] = message => message.Content.SenderId,
        ["SentTimestamp"] = message => Milliseconds(message.State.SentAt),
        ["ApproximateReceiveCount"] = message =>
            message.State.ReceiveCount.ToString(CultureInfo.InvariantCulture),
        ["ApproximateFirstReceiveTimestamp"] = message =>
            message.State.FirstReceivedAt is { } first ? Milliseconds(first) : null,
        ["SequenceNumber"] = message =>
            message.State.GroupId is null ? null : SequenceNumber(message.State.Sequence),
        ["MessageDeduplicationId"] = message => message.Content.DeduplicationId,
        ["MessageGroupId"] = message => message.Content.GroupId,
        ["AWSTraceHeader"] = message => message.Content.TraceHeader,
        ["DeadLetterQueueSourceArn"] = message => message.Content.DeadLetterSourceArn,
    };

    public static bool IsKnown(string name) => Readers.ContainsKey(name);

    /// <summary>Those that the message has.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(ReceivedMessage message) => Readers
        .Select(reader => KeyValuePair.Create(reader.Key, reader.Value(message)!))
        .Where(attribute => attribute.Value is not null);

    /// <summary>Twenty digits, rising in the queue, as those of AWS.</summary>
    public static string SequenceNumber(long sequence) =>
        "1885" + sequence.ToString("D16", CultureInfo.InvariantCulture);

    private static string Milliseconds(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
