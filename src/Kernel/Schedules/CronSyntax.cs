namespace Lambent.Kernel.Schedules;

/// <summary>How the fields of a cron expression are read.</summary>
internal enum CronSyntax
{
    /// <summary>Six fields, minutes first and years last; one of the fields of days is a question mark.</summary>
    Aws,

    /// <summary>Five fields, minutes first. Where both fields of days are restricted, either is enough.</summary>
    Unix,

    /// <summary>Six fields, seconds first (NCRONTAB). Both fields of days must match.</summary>
    Seconds,
}

/// <summary>What the values of a field are.</summary>
/// <param name="Name">As it is said to people.</param>
/// <param name="Min">The lowest value as it is written.</param>
/// <param name="Max">The highest value as it is written.</param>
internal sealed record CronUnit(string Name, int Min, int Max)
{
    public static readonly CronUnit Second = new("seconds", 0, 59);
    public static readonly CronUnit Minute = new("minutes", 0, 59);
    public static readonly CronUnit Hour = new("hours", 0, 23);
    public static readonly CronUnit DayOfMonth = new("days of the month", 1, 31);
    public static readonly CronUnit Year = new("years", 1970, 2199);

    public static readonly CronUnit Month = new("months", 1, 12)
    {
        Names = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
        FirstName = 1,
    };

    private static readonly string[] DayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>Words for values, the first of them for <see cref="FirstName"/>.</summary>
    public string[] Names { get; private init; } = [];

    public int FirstName { get; private init; }

    /// <summary>What a star goes up to: Sunday, which is 0 and 7 in five fields, comes once.</summary>
    public int StarMax { get; private init; } = Max;

    /// <summary>Whether a range may go over the end: FRI-MON.</summary>
    public bool IsRound { get; private init; }

    /// <summary>Days of the week count from 1 on AWS and from 0 elsewhere, Sunday first.</summary>
    public static CronUnit DayOfWeek(CronSyntax syntax) => syntax switch
    {
        CronSyntax.Aws => Days(1, 7, 7),
        CronSyntax.Unix => Days(0, 7, 6),
        _ => Days(0, 6, 6),
    };

    private static CronUnit Days(int min, int max, int starMax) => new("days of the week", min, max)
    {
        Names = DayNames, FirstName = min, StarMax = starMax, IsRound = true,
    };
}
