using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lambent.Kernel.Values;

/// <summary>Writes values as compact JSON.</summary>
public static class DataWriter
{
    /// <summary>Escapes what JSON demands and nothing else, as AWS's services do.</summary>
    public static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string ToText(DataValue value) => Encoding.UTF8.GetString(ToUtf8(value));

    public static byte[] ToUtf8(DataValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidOperationException">A value of an expression language that JSON has not.</exception>
    public static void Write(Utf8JsonWriter writer, DataValue value)
    {
        switch (value)
        {
            case DataNull:
                writer.WriteNullValue();
                break;
            case DataBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case DataNumber number:
                writer.WriteRawValue(number.Text, skipInputValidation: true);
                break;
            case DataText text:
                writer.WriteStringValue(text.Value);
                break;
            case DataArray array:
                writer.WriteStartArray();
                foreach (var item in array.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case DataObject members:
                writer.WriteStartObject();
                foreach (var (name, member) in members.Members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"A {value.Kind} has no JSON form");
        }
    }
}
