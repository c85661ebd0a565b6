using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;

namespace Lambent.Server.Mappings;

/// <summary>Messages as a function gets them: the event of AWS's event source mappings for SQS.</summary>
internal static class MessageRecords
{
    /// <summary>An event without its records.</summary>
    public const int EnvelopeBytes = 14;

    /// <summary>The event is a document of its own: what it holds needs no escapes for pages.</summary>
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    /// <summary>One record.</summary>
    /// <param name="message">The message as it was received.</param>
    /// <param name="queueArn">Where from.</param>
    /// <param name="region">This server's.</param>
    /// <param name="parsesBody">
    /// Whether a body that is JSON stands for itself instead of in a text, as filters see it.
    /// </param>
    public static byte[] Write(ReceivedMessage message, string queueArn, string region, bool parsesBody = false)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Content.Body.Length + 1_024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("messageId"u8, message.Content.Id);
            writer.WriteString("receiptHandle"u8, message.ReceiptHandle);
            WriteBody(writer, message.Content.Body, parsesBody);
            writer.WriteStartObject("attributes"u8);
            foreach (var (name, value) in SystemAttributes.Of(message))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("messageAttributes"u8);
            foreach (var (name, attribute) in message.Content.Attributes)
            {
                writer.WritePropertyName(name);
                WriteAttribute(writer, attribute);
            }

            writer.WriteEndObject();
            writer.WriteString("md5OfBody"u8, MessageDigest.OfBody(message.Content.Body));
            if (MessageDigest.OfAttributes(message.Content.Attributes) is { } digest)
            {
                writer.WriteString("md5OfMessageAttributes"u8, digest);
            }

            writer.WriteString("eventSource"u8, "aws:sqs"u8);
            writer.WriteString("eventSourceARN"u8, queueArn);
            writer.WriteString("awsRegion"u8, region);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The event of several records.</summary>
    public static byte[] Join(IReadOnlyList<byte[]> records)
    {
        var size = EnvelopeBytes + records.Sum(record => record.Length + 1);
        var joined = new ArrayBufferWriter<byte>(size);
        joined.Write("{\"Records\":["u8);
        for (var index = 0; index < records.Count; index++)
        {
            if (index > 0)
            {
                joined.Write(","u8);
            }

            joined.Write(records[index]);
        }

        joined.Write("]}"u8);
        return joined.WrittenSpan.ToArray();
    }

    private static void WriteBody(Utf8JsonWriter writer, string body, bool parses)
    {
        if (parses && ParseStructure(body) is { } document)
        {
            using (document)
            {
                writer.WritePropertyName("body"u8);
                document.RootElement.WriteTo(writer);
            }

            return;
        }

        writer.WriteString("body"u8, body);
    }

    private static void WriteAttribute(Utf8JsonWriter writer, MessageAttribute attribute)
    {
        writer.WriteStartObject();
        if (attribute.IsBinary)
        {
            writer.WriteBase64String("binaryValue"u8, attribute.Bytes);
        }
        else
        {
            writer.WriteString("stringValue"u8, attribute.Text);
        }

        writer.WriteStartArray("stringListValues"u8);
        writer.WriteEndArray();
        writer.WriteStartArray("binaryListValues"u8);
        writer.WriteEndArray();
        writer.WriteString("dataType"u8, attribute.DataType);
        writer.WriteEndObject();
    }

    /// <summary>A text that merely happens to be a JSON number or word is a text.</summary>
    private static JsonDocument? ParseStructure(string body)
    {
        if (body.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
