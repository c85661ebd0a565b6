using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lambent.Cli.Output;

/// <summary>Writes the documents of --json: one line, the schema's name and version first.</summary>
internal static class JsonReport
{
    // Readable text instead of \u00fc: what is printed is not embedded in a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="terminal">Where to, on standard output.</param>
    /// <param name="schema">Name and version, such as lambent.functions/1.</param>
    /// <param name="writeMembers">Adds the members after the schema.</param>
    public static void Write(Terminal terminal, string schema, Action<Utf8JsonWriter> writeMembers) =>
        terminal.Print(Line(writer =>
        {
            writer.WriteString("schema", schema);
            writeMembers(writer);
        }));

    /// <summary>One JSON object on one line.</summary>
    public static string Line(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
