using System.Buffers;
using System.Globalization;
using System.Text;
using Lambent.Kernel.Logs;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>A log line as a message of RFC 5424, facility local0.</summary>
internal static class SyslogMessage
{
    /// <summary>What receivers take by default; longer text is cut, and says how much of it.</summary>
    public const int TextBytesMax = 7_680;

    private const int Facility = 16;
    private const int AppNameLengthMax = 48;
    private const int ProcessLengthMax = 128;
    private const int MessageIdLengthMax = 32;

    private static readonly string Host = Field(Environment.MachineName, 255);

    public static byte[] Encode(LogEntry entry)
    {
        var source = LogSources.IsFunction(entry.Function.Name)
            ? entry.Function.Name
            : LogSources.ToGroup(entry.Function.Name);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"<{(Facility * 8) + Severity(entry.Level)}>1 {entry.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} "
            + $"{Host} {Field(source, AppNameLengthMax)} {Field(entry.EnvironmentId, ProcessLengthMax)} "
            + $"{Field(entry.Version, MessageIdLengthMax)} [lambent@32473 account=\"{entry.Function.Account}\" "
            + $"function=\"{Escape(source)}\" version=\"{Escape(entry.Version)}\" "
            + $"environment=\"{Escape(entry.EnvironmentId)}\" requestId=\"{Escape(entry.RequestId ?? "")}\"] ");
        var text = Encoding.UTF8.GetBytes(entry.Text.TrimEnd('\r', '\n'));
        if (text.Length <= TextBytesMax)
        {
            return [.. Encoding.UTF8.GetBytes(head), .. text];
        }

        // Not in the middle of a character.
        var end = TextBytesMax;
        while ((text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return
        [
            .. Encoding.UTF8.GetBytes(head),
            .. text.AsSpan(0, end),
            .. Encoding.UTF8.GetBytes($"… [{text.Length - end} bytes cut]"),
        ];
    }

    /// <summary>Before each message in a stream: its length, so that it may contain line ends.</summary>
    public static void WriteFramed(IBufferWriter<byte> output, ReadOnlySpan<byte> message)
    {
        output.Write(Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture) + " "));
        output.Write(message);
    }

    private static int Severity(LineLevel level) => level switch
    {
        LineLevel.Fatal => 2,
        LineLevel.Error => 3,
        LineLevel.Warn => 4,
        LineLevel.Debug or LineLevel.Trace => 7,
        _ => 6,
    };

    /// <summary>Printable ASCII without spaces; a hyphen for nothing.</summary>
    private static string Field(string text, int lengthMax)
    {
        var field = new string([.. text.Take(lengthMax).Select(character => character is > ' ' and < '\x7f'
            ? character
            : '_')]);
        return field.Length == 0 ? "-" : field;
    }

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal);
}
