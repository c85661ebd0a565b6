using System.Formats.Cbor;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>AWS JSON 1.0: times are seconds since 1970.</summary>
internal static class JsonAnswers
{
    public static byte[] Write(AnswerStructure answer)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, answer);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, AnswerValue value)
    {
        switch (value)
        {
            case AnswerText text:
                writer.WriteStringValue(text.Value);
                break;
            case AnswerNumber number:
                writer.WriteNumberValue(number.Value);
                break;
            case AnswerTime time:
                writer.WriteNumberValue(time.Value.ToUnixTimeMilliseconds() / 1000.0);
                break;
            case AnswerList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case AnswerMap map:
                writer.WriteStartObject();
                foreach (var (name, number) in map.Entries)
                {
                    writer.WriteNumber(name, number);
                }

                writer.WriteEndObject();
                break;
            case AnswerStructure structure:
                writer.WriteStartObject();
                foreach (var (name, member) in structure.Members)
                {
                    if (member is not null)
                    {
                        writer.WritePropertyName(name);
                        Write(writer, member);
                    }
                }

                writer.WriteEndObject();
                break;
        }
    }
}

/// <summary>Smithy RPC v2: times carry the tag of seconds since 1970.</summary>
internal static class CborAnswers
{
    public static byte[] Write(AnswerStructure answer)
    {
        var writer = new CborWriter();
        Write(writer, answer);
        return writer.Encode();
    }

    private static void Write(CborWriter writer, AnswerValue value)
    {
        switch (value)
        {
            case AnswerText text:
                writer.WriteTextString(text.Value);
                break;
            case AnswerNumber number:
                writer.WriteDouble(number.Value);
                break;
            case AnswerTime time:
                writer.WriteTag(CborTag.UnixTimeSeconds);
                writer.WriteDouble(time.Value.ToUnixTimeMilliseconds() / 1000.0);
                break;
            case AnswerList list:
                writer.WriteStartArray(list.Items.Count);
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case AnswerMap map:
                writer.WriteStartMap(map.Entries.Count);
                foreach (var (name, number) in map.Entries)
                {
                    writer.WriteTextString(name);
                    writer.WriteDouble(number);
                }

                writer.WriteEndMap();
                break;
            case AnswerStructure structure:
                writer.WriteStartMap(structure.Members.Count(member => member.Value is not null));
                foreach (var (name, member) in structure.Members)
                {
                    if (member is not null)
                    {
                        writer.WriteTextString(name);
                        Write(writer, member);
                    }
                }

                writer.WriteEndMap();
                break;
        }
    }
}

/// <summary>The XML of the Query protocol: items of lists are called member.</summary>
internal static class XmlAnswers
{
    private const string Namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.Entitize,
    };

    public static byte[] Write(string operation, AnswerStructure answer, string requestId) => Write(writer =>
    {
        writer.WriteStartElement($"{operation}Response", Namespace);
        if (answer.Members.Count > 0)
        {
            Write(writer, $"{operation}Result", answer);
        }

        writer.WriteStartElement("ResponseMetadata", Namespace);
        writer.WriteElementString("RequestId", Namespace, requestId);
        writer.WriteEndElement();
        writer.WriteEndElement();
    });

    public static byte[] WriteFailure(string type, string code, string message, string requestId) => Write(writer =>
    {
        writer.WriteStartElement("ErrorResponse", Namespace);
        writer.WriteStartElement("Error", Namespace);
        writer.WriteElementString("Type", Namespace, type);
        writer.WriteElementString("Code", Namespace, code);
        writer.WriteElementString("Message", Namespace, Clean(message));
        writer.WriteEndElement();
        writer.WriteElementString("RequestId", Namespace, requestId);
        writer.WriteEndElement();
    });

    private static byte[] Write(Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, Settings))
        {
            write(writer);
        }

        return buffer.ToArray();
    }

    private static void Write(XmlWriter writer, string name, AnswerValue value)
    {
        writer.WriteStartElement(name, Namespace);
        switch (value)
        {
            case AnswerText text:
                writer.WriteString(Clean(text.Value));
                break;
            case AnswerNumber number:
                writer.WriteString(number.Value.ToString("R", CultureInfo.InvariantCulture));
                break;
            case AnswerTime time:
                writer.WriteString(time.Value.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                break;
            case AnswerList list:
                foreach (var item in list.Items)
                {
                    Write(writer, "member", item);
                }

                break;
            case AnswerMap map:
                foreach (var (key, number) in map.Entries)
                {
                    writer.WriteStartElement("entry", Namespace);
                    Write(writer, "key", key);
                    Write(writer, "value", number);
                    writer.WriteEndElement();
                }

                break;
            case AnswerStructure structure:
                foreach (var (member, item) in structure.Members)
                {
                    if (item is not null)
                    {
                        Write(writer, member, item);
                    }
                }

                break;
        }

        writer.WriteEndElement();
    }

    /// <summary>What XML has no way to say, such as most control characters, becomes a question mark.</summary>
    private static string Clean(string text) =>
        string.Concat(text.Select(one => XmlConvert.IsXmlChar(one) || char.IsSurrogate(one) ? one : '?'));
}
