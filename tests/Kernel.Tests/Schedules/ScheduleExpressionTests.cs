using System.Globalization;
using Lambent.Kernel.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Schedules;

public sealed class ScheduleExpressionTests
{
    [Theory]

    // AWS: minutes hours day-of-month month day-of-week year
    [InlineData("cron(0 10 * * ? *)", "2026-01-01T00:00:00", "2026-01-01T10:00:00 2026-01-02T10:00:00")]
    [InlineData("cron(15 12 * * ? *)", "2026-01-01T12:15:00", "2026-01-02T12:15:00")]
    [InlineData("cron(0 18 ? * MON-FRI *)", "2026-11-20T18:00:00", "2026-11-23T18:00:00 2026-11-24T18:00:00")]
    [InlineData("cron(0 8 1 * ? *)", "2026-01-01T08:00:00", "2026-02-01T08:00:00")]
    [InlineData("cron(0/15 * * * ? *)", "2026-01-01T00:01:00", "2026-01-01T00:15:00 2026-01-01T00:30:00")]
    [InlineData("cron(0/10 * ? * MON-FRI *)", "2026-11-20T23:55:00", "2026-11-23T00:00:00")]
    [InlineData("cron(0/5 8-17 ? * 2-6 *)", "2026-11-20T17:55:00", "2026-11-23T08:00:00")]
    [InlineData("cron(5,35 14 * * ? *)", "2026-01-01T14:06:00", "2026-01-01T14:35:00 2026-01-02T14:05:00")]
    [InlineData("cron(0 0 L * ? *)", "2026-02-01T00:00:00", "2026-02-28T00:00:00 2026-03-31T00:00:00")]
    [InlineData("cron(0 0 L 2 ? *)", "2026-03-01T00:00:00", "2027-02-28T00:00:00 2028-02-29T00:00:00")]
    [InlineData("cron(0 0 LW * ? *)", "2026-01-01T00:00:00", "2026-01-30T00:00:00 2026-02-27T00:00:00")]
    [InlineData("cron(0 0 1W * ? *)", "2026-08-01T00:00:00", "2026-08-03T00:00:00 2026-09-01T00:00:00")]
    [InlineData("cron(0 0 15W * ? *)", "2026-02-01T00:00:00", "2026-02-16T00:00:00 2026-03-16T00:00:00")]
    [InlineData("cron(0 0 31W * ? *)", "2026-02-01T00:00:00", "2026-03-31T00:00:00 2026-05-29T00:00:00")]
    [InlineData("cron(0 0 ? * 6L *)", "2026-11-01T00:00:00", "2026-11-27T00:00:00 2026-12-25T00:00:00")]
    [InlineData("cron(15 10 ? * 6L 2027-2028)", "2026-11-01T00:00:00", "2027-01-29T10:15:00")]
    [InlineData("cron(0 0 ? * FRIL *)", "2026-11-01T00:00:00", "2026-11-27T00:00:00")]
    [InlineData("cron(0 0 ? * L *)", "2026-11-20T00:00:00", "2026-11-21T00:00:00 2026-11-28T00:00:00")]
    [InlineData("cron(0 0 ? * 3#2 *)", "2026-11-01T00:00:00", "2026-11-10T00:00:00 2026-12-08T00:00:00")]
    [InlineData("cron(0 0 ? * TUE#5 *)", "2026-11-01T00:00:00", "2026-12-29T00:00:00 2027-03-30T00:00:00")]
    [InlineData(
        "cron(0 0 ? * FRI-MON *)", "2026-11-20T00:00:00",
        "2026-11-21T00:00:00 2026-11-22T00:00:00 2026-11-23T00:00:00 2026-11-27T00:00:00")]
    [InlineData("cron(0 0 ? JAN,jul SUN *)", "2026-02-01T00:00:00", "2026-07-05T00:00:00")]
    [InlineData("cron(0 0 29 2 ? *)", "2026-01-01T00:00:00", "2028-02-29T00:00:00 2032-02-29T00:00:00")]
    [InlineData("cron(0 0 29 2 ? 2100-2104)", "2026-01-01T00:00:00", "2104-02-29T00:00:00")]
    [InlineData("cron(0 0 1 1 ? 2026/2)", "2026-01-01T00:00:00", "2028-01-01T00:00:00")]
    [InlineData("cron(59 23 31 12 ? 2199)", "2026-01-01T00:00:00", "2199-12-31T23:59:00 -")]
    [InlineData("cron(0 0 30 2 ? *)", "2026-01-01T00:00:00", "-")]
    [InlineData("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00", "-")]

    // Five fields: minutes hours day-of-month month day-of-week, Sunday is 0 and 7
    [InlineData("*/5 * * * *", "2026-01-01T00:00:00", "2026-01-01T00:05:00 2026-01-01T00:10:00")]
    [InlineData("0 9 * * 1-5", "2026-11-20T09:00:00", "2026-11-23T09:00:00")]
    [InlineData("0 0 * * 7", "2026-11-20T09:00:00", "2026-11-22T00:00:00 2026-11-29T00:00:00")]
    [InlineData("0 0 * * 0", "2026-11-20T09:00:00", "2026-11-22T00:00:00")]
    [InlineData("0 0 * * 5-7", "2026-11-20T09:00:00", "2026-11-21T00:00:00 2026-11-22T00:00:00 2026-11-27T00:00:00")]
    [InlineData("0 0 13 * 5", "2026-11-01T00:00:00", "2026-11-06T00:00:00 2026-11-13T00:00:00 2026-11-20T00:00:00")]
    [InlineData("0 0 1,15 * 3", "2026-11-01T00:00:00", "2026-11-04T00:00:00 2026-11-11T00:00:00 2026-11-15T00:00:00")]
    [InlineData("0 0 */2 * 1", "2026-11-01T00:00:00", "2026-11-09T00:00:00 2026-11-23T00:00:00")]

    // Six fields with seconds first: both fields of days must match
    [InlineData("*/10 * * * * *", "2026-01-01T00:00:05", "2026-01-01T00:00:10 2026-01-01T00:00:20")]
    [InlineData("30 5 4 * * 1", "2026-11-20T00:00:00", "2026-11-23T04:05:30")]
    [InlineData("0 0 0 13 * 5", "2026-11-01T00:00:00", "2026-11-13T00:00:00 2027-08-13T00:00:00")]
    [InlineData("0 30 9 * Jan Mon", "2026-11-20T00:00:00", "2027-01-04T09:30:00")]

    // Once, and at a rate from 2026-01-01
    [InlineData("at(2026-11-20T13:00:00)", "2026-11-20T12:59:59", "2026-11-20T13:00:00 -")]
    [InlineData("at(2026-11-20T13:00:00)", "2026-11-20T13:00:00", "-")]
    [InlineData("rate(5 minutes)", "2025-06-01T00:00:00", "2026-01-01T00:00:00 2026-01-01T00:05:00")]
    [InlineData("rate(1 minute)", "2026-01-01T00:00:59", "2026-01-01T00:01:00")]
    [InlineData("rate(2 hours)", "2026-01-01T00:00:00", "2026-01-01T02:00:00")]
    [InlineData("rate(7 days)", "2026-03-28T00:00:01", "2026-04-02T00:00:00")]
    public void Expression_inUtc_hasTheseTimes(string text, string after, string expected) =>
        Times(text, after, "UTC", expected.Split(' ').Length).ShouldBe(expected);

    [Theory]

    // Clocks are put forward: 02:30 does not exist on 2026-03-29 in Berlin, nor on 2026-03-08 in New York.
    [InlineData(
        "cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-27T12:00:00",
        "2026-03-28T01:30:00 2026-03-30T00:30:00")]
    [InlineData("cron(30 2 * * ? *)", "America/New_York", "2026-03-07T12:00:00", "2026-03-09T06:30:00")]
    [InlineData(
        "cron(0/30 * * * ? *)", "Europe/Berlin", "2026-03-29T00:10:00",
        "2026-03-29T00:30:00 2026-03-29T01:00:00")]
    [InlineData("cron(0 3 * * ? *)", "Europe/Berlin", "2026-03-28T12:00:00", "2026-03-29T01:00:00")]

    // Clocks are put back: 02:30 comes twice on 2026-10-25 in Berlin, and fires the first time.
    [InlineData(
        "cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00:00",
        "2026-10-25T00:30:00 2026-10-26T01:30:00")]
    [InlineData(
        "cron(30 1 * * ? *)", "America/New_York", "2026-10-31T12:00:00",
        "2026-11-01T05:30:00 2026-11-02T06:30:00")]
    [InlineData(
        "cron(0/30 * * * ? *)", "Europe/Berlin", "2026-10-25T00:10:00",
        "2026-10-25T00:30:00 2026-10-25T02:00:00")]
    [InlineData("cron(0/30 * * * ? *)", "Europe/Berlin", "2026-10-25T01:10:00", "2026-10-25T02:00:00")]

    // Half an hour, on Lord Howe; a zone without changes; a zone with a quarter.
    [InlineData(
        "cron(15 2 * * ? *)", "Australia/Lord_Howe", "2026-10-02T12:00:00",
        "2026-10-02T15:45:00 2026-10-04T15:15:00")]
    [InlineData(
        "cron(45 1 * * ? *)", "Australia/Lord_Howe", "2026-04-03T16:00:00",
        "2026-04-04T14:45:00 2026-04-05T15:15:00")]
    [InlineData("0 9 * * *", "Asia/Tokyo", "2026-01-01T00:00:00", "2026-01-02T00:00:00")]
    [InlineData("0 9 * * *", "Asia/Kathmandu", "2026-01-01T00:00:00", "2026-01-01T03:15:00")]

    // A rate is not moved by clocks, and a time is one of the zone's clock.
    [InlineData("rate(1 day)", "Europe/Berlin", "2026-03-28T12:00:00", "2026-03-29T00:00:00 2026-03-30T00:00:00")]
    [InlineData("at(2026-07-01T12:00:00)", "Europe/Berlin", "2026-01-01T00:00:00", "2026-07-01T10:00:00")]
    [InlineData("at(2026-03-29T02:30:00)", "Europe/Berlin", "2026-01-01T00:00:00", "-")]
    [InlineData("at(2026-10-25T02:30:00)", "Europe/Berlin", "2026-01-01T00:00:00", "2026-10-25T00:30:00 -")]
    public void Expression_inAZone_hasTheseTimesInUtc(string text, string zone, string after, string expected) =>
        Times(text, after, zone, expected.Split(' ').Length).ShouldBe(expected);

    [Theory]
    [InlineData("", 1)]
    [InlineData("hourly", 1)]
    [InlineData(" rate(10 minutes)", 1)]
    [InlineData("rate(10 minutes", 15)]
    [InlineData("rate()", 6)]
    [InlineData("rate( 10 minutes )", 6)]
    [InlineData("rate(-10 minutes)", 6)]
    [InlineData("rate(0 minutes)", 6)]
    [InlineData("rate(foo minutes)", 6)]
    [InlineData("rate(99999999999 minutes)", 6)]
    [InlineData("rate(10)", 8)]
    [InlineData("rate(10 minutess)", 9)]
    [InlineData("rate(59 seconds)", 9)]
    [InlineData("rate(10 years)", 9)]
    [InlineData("rate(36501 days)", 6)]
    [InlineData("at(2021-12-31)", 4)]
    [InlineData("at(2021-12-31T23:59:59Z)", 4)]
    [InlineData("at(2021-02-30T23:59:59)", 4)]
    [InlineData("cron()", 6)]
    [InlineData("cron(INVALID)", 13)]
    [InlineData("cron(0 1 * * * *)", 14)]
    [InlineData("cron(0 1 ? * ? *)", 14)]
    [InlineData("cron(0 dummy ? * MON-FRI *)", 8)]
    [InlineData("cron(7 20 * * NOT *)", 15)]
    [InlineData("cron(71 8 1 * ? *)", 6)]
    [InlineData("cron(0 24 1 * ? *)", 8)]
    [InlineData("cron(0 0 0 * ? *)", 10)]
    [InlineData("cron(0 0 32 * ? *)", 10)]
    [InlineData("cron(0 0 32W * ? *)", 10)]
    [InlineData("cron(0 0 1 13 ? *)", 12)]
    [InlineData("cron(0 0 ? * 8 *)", 14)]
    [InlineData("cron(0 0 ? * 0 *)", 14)]
    [InlineData("cron(0 0 ? * 3#6 *)", 16)]
    [InlineData("cron(0 0 ? * 3#2,4#1 *)", 14)]
    [InlineData("cron(0 0 ? * 3#2,FRI *)", 14)]
    [InlineData("cron(0 0 1 1 ? 1969)", 16)]
    [InlineData("cron(0 0 1 1 ? 2200)", 16)]
    [InlineData("cron(0 0 1 1 ?)", 15)]
    [InlineData("cron(0 0 1 1 ? * *)", 18)]
    [InlineData("cron(1,,2 0 1 1 ? *)", 8)]
    [InlineData("cron(1, 0 1 1 ? *)", 8)]
    [InlineData("cron(5-1 0 1 1 ? *)", 6)]
    [InlineData("cron(0/0 0 1 1 ? *)", 8)]
    [InlineData("cron(0/60 0 1 1 ? *)", 8)]
    [InlineData("cron(0/ 0 1 1 ? *)", 8)]
    [InlineData("cron(? 0 1 1 ? *)", 6)]
    [InlineData("cron(L 0 1 1 ? *)", 6)]
    [InlineData("0 0 ? * *", 5)]
    [InlineData("0 0 * * 8", 9)]
    [InlineData("0 0 * *", 8)]
    [InlineData("60 * * * * *", 1)]
    [InlineData("0 0 0 * * 7", 11)]
    [InlineData("* * * * * * *", 13)]
    public void Wrong_expression_namesTheCharacter(string text, int position)
    {
        var error = ScheduleExpression.Parse(text).Error.ShouldNotBeNull();
        error.Code.ShouldBe(ErrorCode.ScheduleExpressionInvalid);
        error.Message.ShouldStartWith($"Invalid Schedule Expression {text}. At character {position}: ");
        error.Message.ShouldEndWith(".");
    }

    private static string Times(string text, string after, string zone, int count)
    {
        var expression = ScheduleExpression.Parse(text).Value;
        var anchor = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        DateTimeOffset? time = DateTimeOffset.Parse(
            after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        List<string> times = [];
        while (times.Count < count && time is { } last)
        {
            time = expression.NextAfter(last, TimeZoneInfo.FindSystemTimeZoneById(zone), anchor);
            times.Add(time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) ?? "-");
        }

        return string.Join(' ', times);
    }
}
