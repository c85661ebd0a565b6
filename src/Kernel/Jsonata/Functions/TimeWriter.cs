using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Writes a moment after a picture.</summary>
internal static class TimeWriter
{
    private static readonly DateTimeFormatInfo Names = CultureInfo.InvariantCulture.DateTimeFormat;

    public static string Write(DateTimeOffset time, TimePicture picture, Evaluation run)
    {
        var written = new StringBuilder();
        foreach (var part in picture.Parts)
        {
            run.Charge(1);
            written.Append(part.Component == '\0' ? part.Text : Written(time, part, run));
        }

        return written.ToString();
    }

    /// <summary>What a component is as a number.</summary>
    public static int ValueOf(DateTimeOffset time, char component)
    {
        // The week's Thursday says to which year and month the week belongs.
        var weekday = time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek;
        var dayOfThursday = time.DayOfYear + 4 - weekday;
        return component switch
        {
            'Y' => time.Year,
            'M' => time.Month,
            'D' => time.Day,
            'd' => time.DayOfYear,
            'F' => weekday,
            'H' => time.Hour,
            'h' => time.Hour % 12 == 0 ? 12 : time.Hour % 12,
            'm' => time.Minute,
            's' => time.Second,
            'f' => time.Millisecond,
            _ when dayOfThursday < 1 && time.Year == 1 => 1,
            'X' => Thursday().Year,
            'x' => Thursday().Month,
            'W' => ((Thursday().DayOfYear - 1) / 7) + 1,
            'w' => ((Thursday().Day - 1) / 7) + 1,
            _ => time.Hour / 12,
        };

        DateTime Thursday() => time.Year == 9999 && dayOfThursday > 365
            ? new DateTime(9999, 12, 31)
            : time.Date.AddDays(4 - weekday);
    }

    public static string NameOf(char component, int value) => component switch
    {
        'M' or 'x' => Names.GetMonthName(value),
        'F' => Names.GetDayName((DayOfWeek)(value % 7)),
        'P' => value == 0 ? "am" : "pm",
        _ => "ISO",
    };

    private static string Written(DateTimeOffset time, TimePart part, Evaluation run)
    {
        switch (part.Component)
        {
            case 'C' or 'E':
                return "ISO";
            case 'Z' or 'z':
                return Offset(time.Offset, part, run);
        }

        var value = ValueOf(time, part.Component);
        if (part.Number is not { } number)
        {
            var name = NameOf(part.Component, value);
            name = part.Names switch
            {
                NameForm.Upper => name.ToUpperInvariant(),
                NameForm.Lower => name.ToLowerInvariant(),
                _ => name,
            };
            return name.Length > part.WidthMax ? name[..part.WidthMax] : name;
        }

        if (part.YearDigits is > 0 and < 9)
        {
            value %= (int)Math.Pow(10, part.YearDigits);
        }

        return IntegerFunctions.Written(value, number, run);
    }

    private static string Offset(TimeSpan offset, TimePart part, Evaluation run)
    {
        var minutes = (int)Math.Abs(offset.TotalMinutes);
        if (minutes == 0 && part.HasZulu)
        {
            return "Z";
        }

        var number = part.Number!;
        var written = IntegerFunctions.Written(
            number.MandatoryDigits > 2 ? ((minutes / 60) * 100) + (minutes % 60) : minutes / 60, number, run);
        if (number.MandatoryDigits <= 2 && minutes % 60 != 0)
        {
            written += ":" + (minutes % 60).ToString("00", CultureInfo.InvariantCulture);
        }

        return (part.Component == 'z' ? "GMT" : string.Empty) + (offset < TimeSpan.Zero ? "-" : "+") + written;
    }
}
