using Lambent.Kernel.Values;

namespace Lambent.Kernel.Logs;

/// <summary>The JSON object of a line.</summary>
public static class LineJson
{
    /// <summary>The object that a line is, without looking whether it is well formed; empty when it is none.</summary>
    public static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> utf8)
    {
        var line = utf8.Trim(" \t\r\n"u8);
        return line is [(byte)'{', .., (byte)'}'] ? line : [];
    }

    /// <summary>As <see cref="Whole"/>, or the object behind a head that a runtime puts before it with tabs.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> utf8)
    {
        var line = utf8.Trim(" \t\r\n"u8);
        if (line is not [.., (byte)'}'])
        {
            return [];
        }

        if (line[0] != '{')
        {
            var start = line.IndexOf("\t{"u8);
            line = start < 0 ? [] : line[(start + 1)..];
        }

        return line;
    }

    /// <summary>The value, or null when it is not JSON.</summary>
    public static DataValue? Read(ReadOnlySpan<byte> json) => json.IsEmpty ? null : DataReader.Read(json).Value;
}
