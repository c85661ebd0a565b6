using System.Text;
using System.Xml;
using Lambent.Kernel;
using Lambent.Kernel.Access;

namespace Lambent.Server.Aws.Sts;

/// <summary>Writes the Query protocol's XML.</summary>
internal static class StsAnswers
{
    public const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static readonly XmlWriterSettings WriterSettings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
        Indent = true,
    };

    public static byte[] CallerIdentity(Principal principal, string requestId) => Write(writer =>
    {
        writer.WriteStartElement("GetCallerIdentityResponse", Namespace);
        writer.WriteStartElement("GetCallerIdentityResult", Namespace);
        WriteElement(writer, "Arn", principal.Arn);
        WriteElement(writer, "UserId", UserIdOf(principal));
        WriteElement(writer, "Account", principal.Account.Value);
        writer.WriteEndElement();
        writer.WriteStartElement("ResponseMetadata", Namespace);
        WriteElement(writer, "RequestId", requestId);
        writer.WriteEndElement();
        writer.WriteEndElement();
    });

    public static (int Status, byte[] Body) Failure(Error error, string requestId)
    {
        var (status, code, message) = StsErrors.Map(error);
        var body = Write(writer =>
        {
            writer.WriteStartElement("ErrorResponse", Namespace);
            writer.WriteStartElement("Error", Namespace);
            WriteElement(writer, "Type", status < 500 ? "Sender" : "Receiver");
            WriteElement(writer, "Code", code);
            WriteElement(writer, "Message", message);
            writer.WriteEndElement();
            WriteElement(writer, "RequestId", requestId);
            writer.WriteEndElement();
        });
        return (status, body);
    }

    /// <summary>For a root the account, for a session the role and the session's name, as AWS forms it.</summary>
    private static string UserIdOf(Principal principal) => principal.Function is { } function
        ? $"lambda:{function.Name}"
        : principal.Account.Value;

    /// <summary>Messages quote what the caller sent, which may hold characters that XML has no form for.</summary>
    private static void WriteElement(XmlWriter writer, string name, string text)
    {
        var isClean = text.All(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character));
        var clean = isClean
            ? text
            : string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : '\uFFFD'));
        writer.WriteElementString(name, Namespace, clean);
    }

    private static byte[] Write(Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, WriterSettings))
        {
            write(writer);
        }

        return buffer.ToArray();
    }
}
