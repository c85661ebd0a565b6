using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>Writes a layer version's policy as the JSON document that the API gives as a string.</summary>
internal static class LayerPolicyDocument
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Policy(ResourcePolicy policy) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Version"u8, "2012-10-17"u8);
        writer.WriteString("Id"u8, "default"u8);
        writer.WriteStartArray("Statement"u8);
        foreach (var statement in policy.Statements)
        {
            WriteStatement(writer, statement);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Statement(PolicyStatement statement) => Write(writer => WriteStatement(writer, statement));

    private static void WriteStatement(Utf8JsonWriter writer, PolicyStatement statement)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid"u8, statement.Id);
        writer.WriteString("Effect"u8, "Allow"u8);
        if (statement.Principal == LayerAccess.Everyone)
        {
            writer.WriteString("Principal"u8, LayerAccess.Everyone);
        }
        else
        {
            writer.WriteStartObject("Principal"u8);
            writer.WriteString(
                "AWS"u8,
                AccountId.TryParse(statement.Principal, out var account)
                    ? $"arn:aws:iam::{account}:root"
                    : statement.Principal);
            writer.WriteEndObject();
        }

        writer.WriteString("Action"u8, statement.Action);
        writer.WriteString("Resource"u8, statement.Resource);
        writer.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
