namespace Lambent.Storage.Sql;

/// <summary>A time in a number column: units of 100 ns since 1970 in UTC, so that it sorts and loses nothing.</summary>
internal static class TimeColumn
{
    public static long FromTime(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    public static DateTimeOffset ToTime(long column) => DateTimeOffset.UnixEpoch.AddTicks(column);
}
