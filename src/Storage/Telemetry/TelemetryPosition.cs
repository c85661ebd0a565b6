using System.Buffers.Binary;
using System.Buffers.Text;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// The place of an entry among all: by time, then START before lines before END before REPORT, then by row.
/// </summary>
internal readonly record struct TelemetryPosition(long Time, LogEntryKind Kind, long Row)
    : IComparable<TelemetryPosition>
{
    private const int TokenBytes = 17;

    public int CompareTo(TelemetryPosition other) =>
        (Time, (int)Kind, Row).CompareTo((other.Time, (int)other.Kind, other.Row));

    public string ToToken()
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Time);
        bytes[8] = (byte)Kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Row);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string token, out TelemetryPosition position)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes + 2];
        position = default;
        if (token.Length > 2 * TokenBytes || !Base64Url.IsValid(token) ||
            !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != TokenBytes)
        {
            return false;
        }

        position = new TelemetryPosition(
            BinaryPrimitives.ReadInt64BigEndian(bytes), (LogEntryKind)bytes[8],
            BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
        return true;
    }
}
