using System.Buffers.Binary;
using System.Globalization;

namespace Lambent.Kernel.Traces;

/// <summary>128 bits that all spans of a trace share. W3C and X-Ray write the same bits in two ways.</summary>
/// <param name="High">The first 64; X-Ray has the seconds of the trace's begin in the first 32.</param>
/// <param name="Low">The last 64.</param>
public readonly record struct TraceId(ulong High, ulong Low)
{
    public const int HexLength = 32;

    public const int Bytes = 16;

    /// <summary>Tells ids that were made of a request's id from those that others made.</summary>
    private const ulong RequestTag = 0x2A7;

    private const ulong RequestTagMask = 0x3FF;

    /// <summary>All zeroes, which no trace has.</summary>
    public bool IsNone => (High | Low) == 0;

    /// <summary>
    /// The id of a trace that begins with a request: a rearrangement of the request's id, so that one leads to the
    /// other without anything being stored. Its first 32 bits are the seconds, as X-Ray has them.
    /// </summary>
    /// <returns>False when the request's id is no UUIDv7 (RFC 9562).</returns>
    public static bool TryOfRequest(string requestId, out TraceId trace)
    {
        trace = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (!Guid.TryParseExact(requestId, "D", out var id) || !id.TryWriteBytes(bytes, bigEndian: true, out _)
            || bytes[6] >> 4 != 7)
        {
            return false;
        }

        var first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var (milliseconds, random) = (first >> 16, first & 0xFFF);
        var (seconds, rest) = Math.DivRem(milliseconds, 1_000);
        trace = new TraceId(
            ((seconds & uint.MaxValue) << 32) | (rest << 22) | (random << 10) | RequestTag,
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return seconds is > 0 and <= uint.MaxValue;
    }

    /// <summary>The id of the request with which this trace began, where <see cref="TryOfRequest"/> made it.</summary>
    public bool TryToRequest(out string requestId)
    {
        requestId = "";
        var rest = (High >> 22) & 0x3FF;
        if ((High & RequestTagMask) != RequestTag || rest >= 1_000 || Low >> 62 != 2)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        var milliseconds = ((High >> 32) * 1_000) + rest;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (milliseconds << 16) | 0x7000 | ((High >> 10) & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        requestId = new Guid(bytes, bigEndian: true).ToString("D");
        return true;
    }

    /// <summary>32 digits, of either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out TraceId id)
    {
        id = default;
        if (hex.Length != HexLength || !TryParseHex(hex[..16], out var high) || !TryParseHex(hex[16..], out var low))
        {
            return false;
        }

        id = new TraceId(high, low);
        return !id.IsNone;
    }

    /// <summary>16 digits, of either case.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out ulong value) =>
        ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        && hex.Length == 16;

    public static TraceId Read(ReadOnlySpan<byte> bytes) => bytes.Length != Bytes
        ? default
        : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
