using System.Globalization;
using System.Text;
using System.Xml;
using Lambent.Kernel;
using Lambent.Kernel.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>Writes S3's answers and reads its requests.</summary>
internal static class S3Xml
{
    private const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static readonly XmlWriterSettings WriterSettings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),

        // A key may have characters that XML cannot say; listings are asked for with encoding-type=url then.
        CheckCharacters = false,
    };

    private static readonly XmlReaderSettings ReaderSettings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreWhitespace = true,
        IgnoreProcessingInstructions = true,
    };

    public static byte[] Write(string root, Action<XmlWriter> content)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, WriterSettings))
        {
            writer.WriteStartDocument();
            writer.WriteStartElement(root, Namespace);
            content(writer);
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    public static byte[] WriteError(Error error, string code, string resource, string requestId)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, WriterSettings))
        {
            writer.WriteStartDocument();
            writer.WriteStartElement("Error");
            writer.Text("Code", code).Text("Message", error.Message);
            if (error.Field is { } field)
            {
                writer.Text(
                    error.Code switch
                    {
                        ErrorCode.ObjectNotFound => "Key",
                        ErrorCode.UploadNotFound => "UploadId",
                        ErrorCode.PreconditionFailed => "Condition",
                        ErrorCode.BucketNotFound or ErrorCode.BucketExists or ErrorCode.BucketNotEmpty
                            or ErrorCode.BucketNameInvalid => "BucketName",
                        _ => "ArgumentName",
                    },
                    field);
            }

            writer.Text("Resource", resource).Text("RequestId", requestId).Text("HostId", requestId);
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    public static XmlWriter Text(this XmlWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteElementString(name, value);
        }

        return writer;
    }

    public static XmlWriter Number(this XmlWriter writer, string name, long value) =>
        writer.Text(name, value.ToString(CultureInfo.InvariantCulture));

    public static XmlWriter Flag(this XmlWriter writer, string name, bool value) =>
        writer.Text(name, value ? "true" : "false");

    public static XmlWriter Time(this XmlWriter writer, string name, DateTimeOffset value) =>
        writer.Text(name, TimeText(value));

    public static string TimeText(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// The elements below the root that have a name, each as its children's texts. Elements in between are passed over.
    /// </summary>
    public static Result<List<Dictionary<string, string>>> ReadList(ReadOnlyMemory<byte> body, string root, string item)
    {
        List<Dictionary<string, string>> items = [];
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), ReaderSettings);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != root)
            {
                return Malformed;
            }

            Dictionary<string, string>? current = null;
            string? name = null;
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element when reader.Depth == 1:
                        current = [];
                        (current["."], name) = (reader.LocalName, null);
                        items.Add(current);
                        break;
                    case XmlNodeType.Element when reader.Depth == 2 && current is not null:
                        name = reader.LocalName;
                        current[name] = "";
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace
                        when current is not null:
                        var key = name ?? "";
                        current[key] = current.GetValueOrDefault(key, "") + reader.Value;
                        break;
                    case XmlNodeType.EndElement when reader.Depth == 2:
                        name = null;
                        break;
                }
            }

            return item.Length == 0 ? items : items.FindAll(found => found["."] == item || found["."] == "Quiet");
        }
        catch (XmlException)
        {
            return Malformed;
        }
    }

    public static Error Malformed { get; } = ObjectErrors.Argument(
        "The XML you provided was not well-formed or did not validate against our published schema",
        null,
        ObjectErrors.MalformedXml);
}
