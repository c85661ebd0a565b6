using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>Reads and writes the small text files by which the kernel shows control groups.</summary>
internal static class ControlGroupFile
{
    private const int SizeMax = 8 * 1024;

    // A control file takes one value in one write(2), and creating or truncating it is refused on some.
    public static void Write(string path, string value)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(value), fileOffset: 0);
    }

    public static bool TryWrite(string path, string value)
    {
        try
        {
            Write(path, value);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The file's only number.</summary>
    public static long ReadNumber(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[64];
        var count = RandomAccess.Read(file, buffer, fileOffset: 0);
        return ParseNumber(buffer[..count]);
    }

    /// <summary>
    /// The number behind <paramref name="name"/> in a file of "name number" lines; 0 when it is not there.
    /// </summary>
    public static long ReadField(SafeFileHandle file, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[SizeMax];
        var text = buffer[..RandomAccess.Read(file, buffer, fileOffset: 0)];
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            if (line.Length > name.Length && line[name.Length] == ' ' && line.StartsWith(name))
            {
                return ParseNumber(line[(name.Length + 1)..]);
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return 0;
    }

    public static SafeFileHandle? TryOpen(string path) =>
        File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : null;

    /// <summary>The processes in a group; none when it is gone.</summary>
    public static IReadOnlyList<int> ReadProcesses(string folder)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(folder, "cgroup.procs"))
                .Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static long ParseNumber(ReadOnlySpan<byte> text)
    {
        long number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            number = (number * 10) + (digit - '0');
        }

        return number;
    }
}
