using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Outputs and failures in JSON.</summary>
internal static class SqsJson
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(SqsStructure output) => Write(writer => Write(writer, output));

    public static byte[] Write(SqsFault fault, Error error) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("__type"u8, fault.JsonType);
        writer.WriteString("message"u8, error.Message);
        writer.WriteEndObject();
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, SqsValue value)
    {
        switch (value)
        {
            case SqsText text:
                writer.WriteStringValue(text.Value);
                break;
            case SqsNumber number:
                writer.WriteNumberValue(number.Value);
                break;
            case SqsFlag flag:
                writer.WriteBooleanValue(flag.Value);
                break;
            case SqsStructure structure:
                WriteObject(writer, structure.Members);
                break;
            case SqsMap map:
                WriteObject(writer, map.Entries.Select(entry => (entry.Key, (SqsValue?)entry.Value)));
                break;
            case SqsList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<(string Name, SqsValue? Value)> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                writer.WritePropertyName(name);
                Write(writer, value);
            }
        }

        writer.WriteEndObject();
    }
}

/// <summary>Outputs and failures in the XML of the Query protocol.</summary>
internal static class SqsXml
{
    private const string Namespace = "http://queue.amazonaws.com/doc/2012-11-05/";

    private static readonly XmlWriterSettings WriterSettings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),

        // A carriage return in a message must come back as one.
        NewLineHandling = NewLineHandling.Entitize,
    };

    public static byte[] Write(string operation, SqsStructure output, string requestId) => Write(writer =>
    {
        writer.WriteStartElement($"{operation}Response", Namespace);
        if (output.Members.Length > 0)
        {
            writer.WriteStartElement($"{operation}Result", Namespace);
            WriteMembers(writer, output);
            writer.WriteEndElement();
        }

        writer.WriteStartElement("ResponseMetadata", Namespace);
        WriteText(writer, "RequestId", requestId);
        writer.WriteEndElement();
        writer.WriteEndElement();
    });

    public static byte[] Write(SqsFault fault, Error error, string requestId) => Write(writer =>
    {
        writer.WriteStartElement("ErrorResponse", Namespace);
        writer.WriteStartElement("Error", Namespace);
        WriteText(writer, "Type", fault.Status < 500 ? "Sender" : "Receiver");
        WriteText(writer, "Code", fault.QueryCode);
        WriteText(writer, "Message", SqsErrors.QueryMessage(error));
        writer.WriteStartElement("Detail", Namespace);
        writer.WriteEndElement();
        writer.WriteEndElement();
        WriteText(writer, "RequestId", requestId);
        writer.WriteEndElement();
    });

    private static byte[] Write(Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, WriterSettings))
        {
            write(writer);
        }

        return buffer.ToArray();
    }

    private static void WriteMembers(XmlWriter writer, SqsStructure structure)
    {
        foreach (var (name, value) in structure.Members)
        {
            WriteMember(writer, name, value);
        }
    }

    private static void WriteMember(XmlWriter writer, string name, SqsValue? value)
    {
        switch (value)
        {
            case SqsText text:
                WriteText(writer, name, text.Value);
                break;
            case SqsNumber number:
                WriteText(writer, name, XmlConvert.ToString(number.Value));
                break;
            case SqsFlag flag:
                WriteText(writer, name, XmlConvert.ToString(flag.Value));
                break;
            case SqsStructure structure:
                writer.WriteStartElement(name, Namespace);
                WriteMembers(writer, structure);
                writer.WriteEndElement();
                break;
            case SqsList list:
                foreach (var item in list.Items)
                {
                    WriteMember(writer, list.ElementName, item);
                }

                break;
            case SqsMap map:
                foreach (var (key, entry) in map.Entries)
                {
                    writer.WriteStartElement(map.ElementName, Namespace);
                    WriteText(writer, map.KeyName, key);
                    WriteMember(writer, "Value", entry);
                    writer.WriteEndElement();
                }

                break;
        }
    }

    /// <summary>Failures quote what the caller sent, which may hold characters that XML has no form for.</summary>
    private static void WriteText(XmlWriter writer, string name, string text)
    {
        var isClean = text.All(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character));
        var clean = isClean
            ? text
            : string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : '\uFFFD'));
        writer.WriteElementString(name, Namespace, clean);
    }
}
