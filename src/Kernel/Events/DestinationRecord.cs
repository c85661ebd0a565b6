using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lambent.Kernel.Events;

/// <summary>
/// What a destination is told of a call: the record of AWS Lambda's destinations, version 1.0 (Lambda Developer Guide,
/// "Capturing records of Lambda asynchronous invocations").
/// </summary>
public sealed record DestinationRecord
{
    public required string RequestId { get; init; }

    /// <summary>With the qualifier, $LATEST when the caller named none.</summary>
    public required string FunctionArn { get; init; }

    public required EventEnd End { get; init; }

    public required int InvokeCount { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>Null when nothing ran.</summary>
    public string? ExecutedVersion { get; init; }

    public bool IsFunctionError { get; init; }

    public ReadOnlyMemory<byte> Response { get; init; }

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(Request.Length + Response.Length + 512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteString("timestamp", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
        json.WriteStartObject("requestContext");
        json.WriteString("requestId", RequestId);
        json.WriteString("functionArn", FunctionArn);
        json.WriteString("condition", ConditionOf(End));
        json.WriteNumber("approximateInvokeCount", InvokeCount);
        json.WriteEndObject();
        WritePayload(json, "requestPayload", Request);
        if (ExecutedVersion is not null)
        {
            json.WriteStartObject("responseContext");
            json.WriteNumber("statusCode", 200);
            json.WriteString("executedVersion", ExecutedVersion);
            if (IsFunctionError)
            {
                json.WriteString("functionError", "Unhandled");
            }

            json.WriteEndObject();
            WritePayload(json, "responsePayload", Response);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>AWS has no word for a function that was deleted meanwhile; ours says what happened.</summary>
    private static string ConditionOf(EventEnd end) => end switch
    {
        EventEnd.Succeeded => "Success",
        EventEnd.RetriesExhausted => "RetriesExhausted",
        EventEnd.Expired => "EventAgeExceeded",
        EventEnd.Disabled => "ZeroReservedConcurrency",
        EventEnd.Cancelled => "Cancelled",
        _ => "FunctionDeleted",
    };

    /// <summary>JSON as it is; anything else, which a streamed result may be, as text.</summary>
    private static void WritePayload(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> payload)
    {
        json.WritePropertyName(name);
        if (payload.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(payload);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(Encoding.UTF8.GetString(payload.Span));
        }
    }
}
