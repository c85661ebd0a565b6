using System.Globalization;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Moments as text and as milliseconds since 1970. Years are those from 1 to 9999.</summary>
internal static class TimeFunctions
{
    private const double MillisMin = -62_135_596_800_000;
    private const double MillisMax = 253_402_300_799_999;
    private static readonly TimePicture Iso = TimePicture.Read("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]");

    public static DataValue? Now(Evaluation run, DataValue?[] arguments) =>
        Written(run, run.Now.ToUniversalTime(), arguments[0], arguments[1]);

    public static DataValue? Millis(Evaluation run, DataValue?[] arguments) => run.Now.ToUnixTimeMilliseconds();

    public static DataValue? FromMillis(Evaluation run, DataValue?[] arguments) => arguments[0] is DataNumber number
        ? Written(run, Moment(number.Value), arguments[1], arguments[2])
        : null;

    public static DataValue? ToMillis(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length);
        if (arguments[1] is DataText picture)
        {
            run.ChargeText(picture.Value.Length * 4L);
            var reader = new TimeReader(text.Value, TimePicture.Read(picture.Value), run.Now.ToUniversalTime());
            return reader.Read() is { } read ? new DataNumber(read) : null;
        }

        return new DataNumber(ReadIso(text.Value)
            ?? throw new ExpressionException("D3110", $"{Describe.Quoted(text.Value)} is no date of ISO 8601"));
    }

    /// <summary>Days and smaller things beyond their month or day count on, as on the 30th of February.</summary>
    public static double Millis(int year, int month, int day, int hour, int minute, int second, int millisecond)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12)
        {
            throw new ExpressionException("D3110", "The date is not within the years 1 to 9999");
        }

        var first = new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return first + ((day - 1) * 86_400_000.0) + (hour * 3_600_000.0) + (minute * 60_000.0) + (second * 1000.0)
            + millisecond;
    }

    private static DataText Written(Evaluation run, DateTimeOffset time, DataValue? picture, DataValue? zone)
    {
        var offset = zone is DataText text ? Offset(text.Value) : TimeSpan.Zero;
        var local = time.UtcTicks + offset.Ticks is var ticks && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? time.ToOffset(offset)
            : throw OutOfRange();
        run.ChargeText(picture is DataText given ? given.Value.Length * 8L : 0);
        return new DataText(TimeWriter.Write(local, picture is DataText own ? TimePicture.Read(own.Value) : Iso, run));
    }

    private static DateTimeOffset Moment(double millis) => millis is >= MillisMin and <= MillisMax
        ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Truncate(millis))
        : throw OutOfRange();

    private static ExpressionException OutOfRange() =>
        new("D3110", "The date is not within the years 1 to 9999");

    /// <summary>As `+0530` or `-08:00`.</summary>
    private static TimeSpan Offset(string zone)
    {
        var digits = zone.Replace(":", string.Empty, StringComparison.Ordinal);
        if (digits is "Z" or "z")
        {
            return TimeSpan.Zero;
        }

        if (digits.Length is 4 or 5
            && int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var both)
            && Math.Abs(both) / 100 <= 14 && Math.Abs(both) % 100 <= 59 && Math.Abs(both) <= 1400)
        {
            return new TimeSpan(both / 100, both % 100, 0);
        }

        throw new ExpressionException("D3134", $"{Describe.Quoted(zone)} is no offset such as +0530");
    }

    /// <summary>
    /// A date, perhaps only a year or a month, perhaps with a time and an offset; without one it is UTC.
    /// </summary>
    private static double? ReadIso(string text)
    {
        var index = 0;
        if (Number(4) is not { } year)
        {
            return null;
        }

        var month = Past('-') ? Number(2) : 1;
        var day = month is not null && Past('-') ? Number(2) : 1;
        var (hour, minute, second, millisecond) = ((int?)0, (int?)0, (int?)0, 0);
        if (Past('T'))
        {
            hour = Number(2);
            minute = Past(':') ? Number(2) : null;
            second = Past(':') ? Number(2) : null;
            millisecond = Past('.') ? Fraction() : 0;
        }

        var offset = Zone();
        return index == text.Length && month is >= 1 and <= 12 && day is >= 1 and <= 31 && hour is <= 23
            && minute is <= 59 && second is <= 59 && offset is { } minutes && year > 0 && millisecond >= 0
            ? Millis(year, month.Value, day.Value, hour.Value, minute.Value, second.Value, millisecond)
                - (minutes * 60_000.0)
            : null;

        int? Number(int length)
        {
            if (index + length > text.Length || text.AsSpan(index, length).ContainsAnyExceptInRange('0', '9'))
            {
                return null;
            }

            index += length;
            return int.Parse(text.AsSpan(index - length, length), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        bool Past(char expected)
        {
            var isThere = index < text.Length && text[index] == expected;
            index += isThere ? 1 : 0;
            return isThere;
        }

        int Fraction()
        {
            var start = index;
            while (index < text.Length && char.IsAsciiDigit(text[index]))
            {
                index++;
            }

            var digits = text[start..index].PadRight(3, '0').AsSpan(0, 3);
            return index == start ? -1 : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        int? Zone()
        {
            if (index == text.Length || Past('Z'))
            {
                return 0;
            }

            var sign = Past('+') ? 1 : Past('-') ? -1 : 0;
            var hours = Number(2);
            Past(':');
            return sign == 0 || hours is null ? null : sign * ((hours * 60) + Number(2));
        }
    }
}
