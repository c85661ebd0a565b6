using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>One range of bytes, within an object.</summary>
internal readonly record struct ByteRange(long First, long Count)
{
    private const string Unit = "bytes=";

    public long Last => First + Count - 1;

    /// <summary>
    /// Reads a Range header. Null for none, and for what is none: several ranges, or another unit, which HTTP has a
    /// server ignore. Fails with InvalidRange for one that begins behind the end.
    /// </summary>
    public static Result<ByteRange?> Read(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.Ordinal) || header.Contains(','))
        {
            return (ByteRange?)null;
        }

        var parts = header[Unit.Length..].Trim().Split('-');
        if (parts.Length != 2 || (parts[0].Length == 0 && parts[1].Length == 0))
        {
            return (ByteRange?)null;
        }

        if (!TryRead(parts[0], out var first) || !TryRead(parts[1], out var last))
        {
            return (ByteRange?)null;
        }

        if (first is null)
        {
            var count = Math.Min(last!.Value, size);
            return count == 0 ? Outside : new ByteRange(size - count, count);
        }

        if (last < first)
        {
            return (ByteRange?)null;
        }

        return first >= size
            ? Outside
            : new ByteRange(first.Value, Math.Min(last ?? long.MaxValue - 1, size - 1) - first.Value + 1);
    }

    private static Error Outside { get; } = ObjectErrors.Argument(
        "The requested range is not satisfiable", "Range", ObjectErrors.RangeOutside);

    private static bool TryRead(string text, out long? number)
    {
        number = null;
        if (text.Length == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = value;
        return isNumber;
    }
}
