using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class ProvisionedScheduleTests
{
    /// <summary>2026-11-23 is a Monday; Berlin is an hour ahead of UTC in winter, two in summer.</summary>
    [Theory]
    [InlineData("2026-11-23T06:59:59Z", 2, "2026-11-23T07:00:00Z")]
    [InlineData("2026-11-23T07:00:00Z", 7, "2026-11-23T17:00:00Z")]
    [InlineData("2026-11-23T17:00:00Z", 2, "2026-11-24T07:00:00Z")]
    [InlineData("2026-11-27T17:00:00Z", 2, "2026-11-30T07:00:00Z")]
    [InlineData("2026-07-06T06:00:00Z", 7, "2026-07-06T16:00:00Z")]
    public void Window_of_working_days_holds_by_the_local_clock(string now, int count, string change) =>
        At(now, Window("08:00", "18:00", "mon-fri")).ShouldBe((count, change));

    [Fact]
    public void Window_over_midnight_belongs_to_the_day_on_which_it_opens()
    {
        var night = Window("22:00", "06:00", "fri");

        At("2026-11-27T20:59:00Z", night).ShouldBe((2, "2026-11-27T21:00:00Z"));
        At("2026-11-28T04:59:00Z", night).ShouldBe((7, "2026-11-28T05:00:00Z"));
        At("2026-11-29T01:00:00Z", night).ShouldBe((2, "2026-12-04T21:00:00Z"));
    }

    [Fact]
    public void Window_that_opens_when_clocks_skip_opens_right_after_it()
    {
        // 2026-03-29: 02:00 becomes 03:00 in Berlin, at 01:00 UTC.
        var window = Window("02:30", "04:00", "daily");

        At("2026-03-29T00:59:59Z", window).ShouldBe((2, "2026-03-29T01:00:00Z"));
        At("2026-03-29T01:00:00Z", window).ShouldBe((7, "2026-03-29T02:00:00Z"));
    }

    [Fact]
    public void Window_does_not_shut_in_between_when_an_hour_comes_twice()
    {
        // 2026-10-25: 03:00 becomes 02:00 in Berlin, at 01:00 UTC.
        var window = Window("02:30", "02:45", "daily");

        At("2026-10-25T00:29:00Z", window).ShouldBe((2, "2026-10-25T00:30:00Z"));
        At("2026-10-25T01:10:00Z", window).ShouldBe((7, "2026-10-25T01:45:00Z"));
        At("2026-10-25T01:45:00Z", window).ShouldBe((2, "2026-10-26T01:30:00Z"));
    }

    [Fact]
    public void Largest_count_of_open_windows_holds_also_when_it_is_less_than_otherwise()
    {
        var day = Window("08:00", "18:00", "daily") with { Count = 1 };
        var noon = Window("12:00", "13:00", "daily") with { Count = 4 };

        At("2026-11-23T09:00:00Z", day, noon).ShouldBe((1, "2026-11-23T11:00:00Z"));
        At("2026-11-23T11:30:00Z", day, noon).ShouldBe((4, "2026-11-23T12:00:00Z"));
        At("2026-11-23T20:00:00Z", day, noon).ShouldBe((2, "2026-11-24T07:00:00Z"));
    }

    [Fact]
    public void Window_of_all_day_and_one_of_an_unknown_zone_change_nothing()
    {
        var always = Window("00:00", "00:00", "daily");

        At("2026-11-23T09:00:00Z", always).ShouldBe((7, null));
        At("2026-11-23T09:00:00Z", Window("08:00", "18:00", "daily") with { Zone = "Nowhere/Else" })
            .ShouldBe((2, null));
        At("2026-11-23T09:00:00Z").ShouldBe((2, null));
    }

    [Theory]
    [InlineData("daily", "daily")]
    [InlineData("mon-fri", "mon-fri")]
    [InlineData("sat,sun", "sat,sun")]
    [InlineData("fri-mon", "mon,fri,sat,sun")]
    [InlineData("Tue", "tue")]
    public void Days_are_read_and_written(string text, string written)
    {
        DayNames.TryParse(text, out var days).ShouldBeTrue();
        DayNames.Text(days).ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mo")]
    [InlineData("mon-")]
    [InlineData("mon-tue-wed")]
    [InlineData("mon,,tue")]
    public void Days_that_are_none_are_refused(string text) => DayNames.TryParse(text, out _).ShouldBeFalse();

    private static (int Count, string? Change) At(string now, params ImmutableArray<ProvisionedWindow> windows)
    {
        var provisioned = new ProvisionedConcurrency { Count = 2, Windows = windows, LastModifiedAt = default };
        var moment = ProvisionedSchedule.At(
            provisioned,
            DateTimeOffset.Parse(now, null),
            name => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null);
        return (moment.Count, moment.NextChange?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null));
    }

    private static ProvisionedWindow Window(string from, string to, string days)
    {
        DayNames.TryParse(days, out var set).ShouldBeTrue();
        return new ProvisionedWindow
        {
            Count = 7,
            From = TimeOnly.Parse(from, null),
            To = TimeOnly.Parse(to, null),
            Days = set,
            Zone = "Europe/Berlin",
        };
    }
}
