using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lambent.Server.Traces;

/// <summary>Writes what is kept of a span besides its times, in the form of TraceSpan.Detail.</summary>
internal static class SpanDetail
{
    public static string Of(string? message, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("attributes");
            foreach (var (name, value) in attributes)
            {
                switch (value)
                {
                    case string text:
                        json.WriteString(name, text);
                        break;
                    case int number:
                        json.WriteNumber(name, number);
                        break;
                    case long number:
                        json.WriteNumber(name, number);
                        break;
                    case bool flag:
                        json.WriteBoolean(name, flag);
                        break;
                }
            }

            json.WriteEndObject();
            if (message is not null)
            {
                json.WriteString("message", message);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
