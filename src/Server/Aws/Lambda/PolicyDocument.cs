using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Kernel.Access;

namespace Lambent.Server.Aws.Lambda;

/// <summary>Resource policies as the IAM documents that callers see.</summary>
internal static class PolicyDocument
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(ResourcePolicy policy) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Version"u8, "2012-10-17");
        writer.WriteString("Id"u8, "default");
        writer.WriteStartArray("Statement"u8);
        foreach (var statement in policy.Statements)
        {
            WriteStatement(writer, statement);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Write(PolicyStatement statement) => Write(writer => WriteStatement(writer, statement));

    private static void WriteStatement(Utf8JsonWriter writer, PolicyStatement statement)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid"u8, statement.Id);
        writer.WriteString("Effect"u8, "Allow");
        WritePrincipal(writer, statement.Principal);
        writer.WriteString("Action"u8, statement.Action);
        writer.WriteString("Resource"u8, statement.Resource);
        WriteConditions(writer, statement);
        writer.WriteEndObject();
    }

    private static void WritePrincipal(Utf8JsonWriter writer, string principal)
    {
        if (principal == "*")
        {
            writer.WriteString("Principal"u8, principal);
            return;
        }

        writer.WriteStartObject("Principal"u8);
        if (AccountId.TryParse(principal, out var account))
        {
            writer.WriteString("AWS"u8, $"arn:aws:iam::{account}:root");
        }
        else
        {
            var isIdentity = principal.StartsWith("arn:", StringComparison.Ordinal);
            writer.WriteString(isIdentity ? "AWS"u8 : "Service"u8, principal);
        }

        writer.WriteEndObject();
    }

    private static void WriteConditions(Utf8JsonWriter writer, PolicyStatement statement)
    {
        (string Key, string? Value)[] equals =
        [
            ("AWS:SourceAccount", statement.SourceAccount),
            ("lambda:FunctionUrlAuthType", statement.FunctionUrlAuthType),
            ("lambda:EventSourceToken", statement.EventSourceToken),
            ("aws:PrincipalOrgID", statement.PrincipalOrganizationId),
        ];
        var hasEquals = Array.Exists(equals, condition => condition.Value is not null);
        if (!hasEquals && statement.SourceArn is null && statement.InvokedViaFunctionUrl is null)
        {
            return;
        }

        writer.WriteStartObject("Condition"u8);
        if (hasEquals)
        {
            writer.WriteStartObject("StringEquals"u8);
            foreach (var (key, value) in equals)
            {
                if (value is not null)
                {
                    writer.WriteString(key, value);
                }
            }

            writer.WriteEndObject();
        }

        if (statement.SourceArn is { } sourceArn)
        {
            writer.WriteStartObject("ArnLike"u8);
            writer.WriteString("AWS:SourceArn"u8, sourceArn);
            writer.WriteEndObject();
        }

        if (statement.InvokedViaFunctionUrl is { } viaUrl)
        {
            writer.WriteStartObject("Bool"u8);
            writer.WriteString("lambda:InvokedViaFunctionUrl"u8, viaUrl ? "true" : "false");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
