using System.Globalization;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>
/// Times as the States Language has them: RFC 3339 with an uppercase T, and an uppercase Z unless an offset in numbers
/// stands there, such as <c>2016-03-14T01:59:00Z</c>.
/// </summary>
public static class Rfc3339
{
    private const int SecondsLength = 19;
    private const int TickDigits = 7;

    /// <returns>The time, or null when the text is none. Digits below 100 nanoseconds are dropped.</returns>
    public static DateTimeOffset? Read(string text)
    {
        if (text.Length <= SecondsLength
            || !DateTime.TryParseExact(
                text[..SecondsLength],
                "yyyy-MM-dd'T'HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var seconds))
        {
            return null;
        }

        var rest = text.AsSpan(SecondsLength);
        var ticks = 0L;
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return null;
            }

            var used = Math.Min(digits, TickDigits);
            ticks = long.Parse(rest.Slice(1, used), CultureInfo.InvariantCulture);
            for (var missing = used; missing < TickDigits; missing++)
            {
                ticks *= 10;
            }

            rest = rest[(1 + digits)..];
        }

        return Offset(rest) is { } offset ? At(seconds, ticks, offset) : null;
    }

    private static TimeSpan? Offset(ReadOnlySpan<char> text)
    {
        if (text is "Z")
        {
            return TimeSpan.Zero;
        }

        if (text.Length != 6
            || text[0] is not ('+' or '-')
            || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 14
            || minutes > 59
            || (hours == 14 && minutes > 0))
        {
            return null;
        }

        var offset = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -offset : offset;
    }

    // At both ends of the calendar an offset leads out of it.
    private static DateTimeOffset? At(DateTime seconds, long ticks, TimeSpan offset)
    {
        var universal = seconds.Ticks + ticks - offset.Ticks;
        return universal < 0 || universal > DateTime.MaxValue.Ticks || seconds.Ticks + ticks > DateTime.MaxValue.Ticks
            ? null
            : new DateTimeOffset(seconds.Ticks + ticks, offset);
    }
}
