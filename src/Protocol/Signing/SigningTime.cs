using System.Globalization;

namespace Lambent.Protocol.Signing;

/// <summary>Times in signatures: ISO 8601 basic format in UTC, such as 20150830T123600Z.</summary>
public static class SigningTime
{
    public const string Format = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Characters of a time.</summary>
    public const int Length = 16;

    /// <summary>Characters of its date, the first part of a credential scope.</summary>
    public const int DateLength = 8;

    public static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads a time, strictly: sixteen characters, a date that exists.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != Length || text[8] != 'T' || text[15] != 'Z'
            || !TryReadNumber(text[..4], out var year) || !TryReadNumber(text[4..6], out var month)
            || !TryReadNumber(text[6..8], out var day) || !TryReadNumber(text[9..11], out var hour)
            || !TryReadNumber(text[11..13], out var minute) || !TryReadNumber(text[13..15], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return true;
    }
}
