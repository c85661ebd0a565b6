namespace Lambent.Kernel.Functions;

/// <summary>Sets of days as people write them: daily, mon-fri, sat,sun, fri-mon.</summary>
public static class DayNames
{
    private static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>False for what names no days.</summary>
    public static bool TryParse(string text, out DaysOfWeek days)
    {
        days = DaysOfWeek.None;
        if (text == "daily")
        {
            days = DaysOfWeek.Every;
            return true;
        }

        foreach (var part in text.ToLowerInvariant().Split(','))
        {
            var ends = part.Split('-');
            var first = Array.IndexOf(Names, ends[0].Trim());
            var last = Array.IndexOf(Names, ends[^1].Trim());
            if (ends.Length > 2 || first < 0 || last < 0)
            {
                return false;
            }

            days |= Of(first);
            for (var day = first; day != last;)
            {
                day = (day + 1) % Names.Length;
                days |= Of(day);
            }
        }

        return true;
    }

    /// <summary>daily, mon-fri, or the days with commas, Monday first.</summary>
    public static string Text(DaysOfWeek days) => days switch
    {
        DaysOfWeek.Every => "daily",
        DaysOfWeek.Every & ~(DaysOfWeek.Saturday | DaysOfWeek.Sunday) => "mon-fri",
        _ => string.Join(',', Enumerable.Range(1, Names.Length)
            .Select(day => day % Names.Length)
            .Where(day => days.HasFlag(Of(day)))
            .Select(day => Names[day])),
    };

    /// <summary>Whether the set has this day.</summary>
    public static bool Has(this DaysOfWeek days, DayOfWeek day) => days.HasFlag(Of((int)day));

    private static DaysOfWeek Of(int day) => (DaysOfWeek)(1 << day);
}
