using Lambent.Kernel;
using Lambent.Kernel.Schedules;
using Lambent.Server.Native;
using Lambent.Server.Schedules;
using Lambent.Server.Tests.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class CalendarOperationsTests : IAsyncLifetime
{
    private ScheduleFixture schedules = null!;
    private NativeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        schedules = await ScheduleFixture.CreateAsync();
        var calendar = new ScheduleCalendar(schedules.Store, new ScheduleBook(), schedules.Time);
        server = await NativeServer.StartAsync((endpoints, routes) =>
            new CalendarOperations(calendar, schedules.Time).Map(endpoints, routes));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await schedules.DisposeAsync();
    }

    [Fact]
    public async Task Calendar_tellsDaysOfTheZone_andCountsWhatIsFrequent()
    {
        var queue = await schedules.QueueAsync("jobs");
        await schedules.CreateAsync("often", ScheduleFixture.Settings("rate(1 minute)", queue));
        await schedules.CreateAsync("rare", ScheduleFixture.Settings("0 23 * * *", queue));
        var from = new DateTimeOffset(schedules.Time.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

        var path = $"/v1/schedules/calendar?from={from:yyyy-MM-dd}T00:00:00Z&to={from.AddDays(2):yyyy-MM-dd}T00:00:00Z";
        var days = (await server.SendAsync("GET", path)).Json["days"]!.AsArray();

        days.Select(day => $"{day!["name"]} {day["state"]} {day["count"]} {day["times"]!.AsArray().Count}").ShouldBe(
            ["often coming 1440 24", "often coming 1440 24", "rare coming 1 1", "rare coming 1 1"]);
        var tokyo = (await server.SendAsync("GET", path + "&zone=Asia/Tokyo&name=rare")).Json["days"]!.AsArray();
        tokyo[0]!["day"]!.ToString().ShouldBe(from.AddDays(1).ToString("yyyy-MM-dd"));
        (await server.SendAsync("GET", path + "&zone=Nowhere")).ShouldFail(400, ErrorCode.InvalidParameter, "zone");
        (await server.SendAsync("GET", "/v1/schedules/calendar?from=1h&to=2h"))
            .ShouldFail(400, ErrorCode.InvalidParameter, "to");
        (await server.SendAsync("GET", "/v1/schedules/calendar?from=100d&to=1h"))
            .ShouldFail(400, ErrorCode.InvalidParameter, "to");
        (await server.SendAsync("GET", path, json: null, NativeServer.Tenant)).Json["days"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Preview_tellsTheNextTimes_ofWhatNobodyWrote()
    {
        var now = schedules.Time.GetUtcNow();
        var answer = await PostAsync("""{"expression":"0 9 * * *","zone":"Europe/Berlin","count":3}""");

        var times = answer.Json["times"]!.AsArray().Select(time => DateTimeOffset.Parse(time!.ToString())).ToList();
        times.Count.ShouldBe(3);
        times.ShouldAllBe(time => time >= now);
        (await PostAsync("""{"expression":"rate(1 minute)","runs":2}""")).Json["times"]!.AsArray().Count.ShouldBe(2);
        (await PostAsync("""{"expression":"nonsense"}"""))
            .ShouldFail(400, ErrorCode.ScheduleExpressionInvalid, "ScheduleExpression");
        (await PostAsync("{}")).ShouldFail(400, ErrorCode.InvalidParameter, "expression");
        (await PostAsync("""{"expression":"rate(1 minute)","count":101}"""))
            .ShouldFail(400, ErrorCode.InvalidParameter, "count");
    }

    private async Task<NativeAnswer> PostAsync(string json)
    {
        using var content = new StringContent(json);
        return await server.SendAsync("POST", "/v1/schedules/preview", content);
    }
}
