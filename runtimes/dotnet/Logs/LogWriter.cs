using System.Text;

namespace Lambent.Runtime.Dotnet.Logs;

/// <summary>
/// Console.Out or Console.Error. As on AWS, WriteLine makes a line with time, request and level, and Write leaves the
/// text as it is.
/// </summary>
internal sealed class LogWriter(LogSink log, byte flags, LogLevel level) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => log.Write(flags, [value]);

    public override void Write(char[] buffer, int index, int count) => log.Write(flags, buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => log.Write(flags, buffer);

    public override void Write(string? value) => log.Write(flags, value);

    public override void WriteLine() => WriteLine("");

    public override void WriteLine(ReadOnlySpan<char> buffer) => log.WriteLine(level, buffer, flags: flags);

    public override void WriteLine(string? value) => log.WriteLine(level, value, flags: flags);

    // The base class would write these in two parts, text and newline, and so past the line's format.
    public override void WriteLine(object? value) => WriteLine(value?.ToString());

    public override void WriteLine(char value) => WriteLine([value]);

    public override void WriteLine(char[]? buffer) => WriteLine(buffer.AsSpan());

    public override void WriteLine(char[] buffer, int index, int count) => WriteLine(buffer.AsSpan(index, count));

    public override void WriteLine(bool value) => WriteLine(value.ToString());

    public override void WriteLine(int value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(uint value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(long value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(ulong value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(float value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(double value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(decimal value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(StringBuilder? value) => WriteLine(value?.ToString());

    public override void WriteLine(string format, object? arg0) =>
        WriteLine(string.Format(FormatProvider, format, arg0));

    public override void WriteLine(string format, object? arg0, object? arg1) =>
        WriteLine(string.Format(FormatProvider, format, arg0, arg1));

    public override void WriteLine(string format, object? arg0, object? arg1, object? arg2) =>
        WriteLine(string.Format(FormatProvider, format, arg0, arg1, arg2));

    public override void WriteLine(string format, params object?[] arg) =>
        WriteLine(string.Format(FormatProvider, format, arg));

    public override void WriteLine(string format, params ReadOnlySpan<object?> arg) =>
        WriteLine(string.Format(FormatProvider, format, arg));
}
