using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// The place of an entry among all: by time, then START before lines before END before REPORT, then by row.
/// </summary>
internal readonly record struct TelemetryPosition(long Time, LogEntryKind Kind, long Row)
    : IComparable<TelemetryPosition>
{
    private const int TokenBytes = 17;

    private const int NumberDigits = 19;

    /// <summary>Called for every row that a search looks at.</summary>
    public int CompareTo(TelemetryPosition other) =>
        Time != other.Time ? Time.CompareTo(other.Time)
        : Kind != other.Kind ? ((int)Kind).CompareTo((int)other.Kind)
        : Row.CompareTo(other.Row);

    /// <summary>A form of digits alone, which sorts as the positions do.</summary>
    public string ToDigits() => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Max(0, Time):D19}{(int)Kind}{Math.Max(0, Row):D19}");

    public static bool TryParseDigits(string digits, out TelemetryPosition position)
    {
        position = default;
        if (digits.Length != (2 * NumberDigits) + 1 || digits.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !long.TryParse(digits.AsSpan(0, NumberDigits), CultureInfo.InvariantCulture, out var time)
            || !long.TryParse(digits.AsSpan(NumberDigits + 1), CultureInfo.InvariantCulture, out var row)
            || digits[NumberDigits] > '3')
        {
            return false;
        }

        position = new TelemetryPosition(time, (LogEntryKind)(digits[NumberDigits] - '0'), row);
        return true;
    }

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
