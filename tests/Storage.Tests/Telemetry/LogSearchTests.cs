using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class LogSearchTests : IDisposable
{
    private readonly TelemetryFixture fixture = new();

    private TelemetryStore Store => fixture.Store;

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData(LineLevel.Error, "3,7")]
    [InlineData(LineLevel.Warn, "1,3,7")]
    [InlineData(LineLevel.Info, "1,2,3,5,6,7")]
    public async Task Lines_areFoundByLevel(LineLevel level, string expected)
    {
        await WriteLevelsAsync();
        foreach (var newestFirst in (bool[])[false, true])
        {
            var found = Read(TelemetryFixture.Query() with
            {
                Filter = new LineFilter { Level = level }, NewestFirst = newestFirst,
            });
            found.Select(entry => entry.Text[^1..]).Order().ShouldBe(expected.Split(','));
            found.ShouldAllBe(entry => entry.Level >= level);
        }
    }

    [Fact]
    public async Task Search_thatLooksAtTooMuch_endsItsPageAndGoesOn()
    {
        for (var number = 0; number < 100; number++)
        {
            Store.Write(TelemetryFixture.Line(number == 10 ? "needle" : "hay", number));
        }

        await Store.FlushAsync();
        var query = TelemetryFixture.Query() with
        {
            Filter = new LineFilter { Text = "needle" }, NewestFirst = true, RowsMax = 30,
        };
        var pages = 0;
        var found = new List<LogEntry>();
        string? token = null;
        do
        {
            var page = Store.ReadLog(query with { PageToken = token }).Value;
            found.AddRange(page.Items);
            token = page.NextToken;
            pages++;
        }
        while (token is not null);

        pages.ShouldBe(4);
        found.Single().Text.ShouldBe("needle");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Something_rare_isFoundInAllOfTheLog_pageByPage(bool newestFirst)
    {
        var other = TelemetryFixture.Function with { Name = "g" };
        var foreign = TelemetryFixture.Function with { Account = Samples.OtherAccount };
        for (var number = 0; number < 130_000; number++)
        {
            var text = number % 10_000 == 17 ? $"the needle {number}" : "hay";
            var function = number % 20_000 == 17 ? other : TelemetryFixture.Function;
            var line = TelemetryFixture.Line(text, number / 1_000.0, function: number == 70_017 ? foreign : function);
            while (!Store.TryWrite(line))
            {
                await Store.FlushAsync();
                fixture.Time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        await Store.FlushAsync();
        var query = TelemetryFixture.Query(null) with
        {
            Filter = new LineFilter { Text = "needle" }, NewestFirst = newestFirst, Limit = 5,
        };
        var found = new List<string>();
        string? token = null;
        do
        {
            var page = Store.ReadLog(query with { PageToken = token }).Value;
            page.Items.Count.ShouldBeLessThanOrEqualTo(5);
            found.AddRange(page.Items.Select(entry => entry.Text));
            token = page.NextToken;
        }
        while (token is not null);

        var expected = Enumerable.Range(0, 13).Where(place => place != 7)
            .Select(place => $"the needle {(place * 10_000) + 17}");
        found.ShouldBe(newestFirst ? expected.Reverse() : expected);
    }

    [Fact]
    public async Task Search_findsThePlatformsLinesToo()
    {
        Store.Record(TelemetryFixture.Record("r1"));
        Store.Write(TelemetryFixture.Line("mine", 0.1, "r1"));
        await Store.FlushAsync();

        Kinds("REPORT").ShouldBe([LogEntryKind.Report]);
        Kinds("RequestId").ShouldBe([LogEntryKind.Start, LogEntryKind.End, LogEntryKind.Report]);
        Kinds("mine").ShouldBe([LogEntryKind.Line]);
        Read(TelemetryFixture.Query() with { Version = "7" }).ShouldBeEmpty();
        Read(TelemetryFixture.Query() with { Version = "$LATEST" }).Count.ShouldBe(4);

        IEnumerable<LogEntryKind> Kinds(string text) =>
            Read(TelemetryFixture.Query() with { Filter = new LineFilter { Text = text } }).Select(entry => entry.Kind);
    }

    [Fact]
    public async Task Entries_haveIdsInTheirOrder_andPagesAreCutBySize()
    {
        for (var number = 0; number < 10; number++)
        {
            Store.Write(TelemetryFixture.Line(new string('x', 100), number));
        }

        await Store.FlushAsync();
        var all = Read(TelemetryFixture.Query());
        all.Select(entry => entry.Id).ShouldBe(all.Select(entry => entry.Id).Order(StringComparer.Ordinal));
        all.Select(entry => entry.Id).Distinct().Count().ShouldBe(10);
        var page = Store.ReadLog(TelemetryFixture.Query() with { BytesMax = 350 }).Value;
        page.Items.Count.ShouldBe(3);
        Store.ReadLog(TelemetryFixture.Query() with { PageToken = all[2].Id }).Value.Items.ShouldBe(all.Skip(3));
        page.NextToken.ShouldNotBeNull();
    }

    [Fact]
    public async Task Tail_givesWhatTheFilterWants()
    {
        using var tail = Store.Follow(
            TelemetryFixture.Query() with { Filter = new LineFilter { Level = LineLevel.Error } });
        await WriteLevelsAsync();
        var told = new List<string>();
        while (tail.Entries.TryRead(out var entry))
        {
            told.Add(entry.Text);
        }

        told.ShouldBe(["[ERROR] 3", "2026\t1\tERROR\t7"]);
    }

    [Fact]
    public async Task Log_goesBackToItsFirstEntry()
    {
        Store.FindOldest(TelemetryFixture.Query()).ShouldBeNull();
        Store.Write(TelemetryFixture.Line("a", 5));
        Store.Record(TelemetryFixture.Record("r", 3));
        await Store.FlushAsync();
        Store.FindOldest(TelemetryFixture.Query()).ShouldBe(Samples.Time.AddSeconds(3));
        Store.FindOldest(TelemetryFixture.Query("other")).ShouldBeNull();
        Store.ReadUsage().Oldest.ShouldBe(Samples.Time.AddSeconds(3));
    }

    [Fact]
    public async Task Prune_leavesWhatIsYounger_whenOneLineHasATimeLongPast()
    {
        Store.Write(TelemetryFixture.Line("young", 100));
        Store.Write(TelemetryFixture.Line("old time", -1_000));
        await Store.FlushAsync();
        await Store.PruneAsync(Samples.Time);
        Read(TelemetryFixture.Query()).Select(entry => entry.Text).ShouldContain("young");
    }

    [Fact]
    public async Task Flood_ofOneFunction_dropsItsOwnLinesAlone()
    {
        using var flooded = new TelemetryFixture(
            options => options with { LinesPerSecondOfFunction = 50, BytesPerSecondOfFunction = 100_000 });
        var other = TelemetryFixture.Function with { Name = "quiet" };
        for (var number = 0; number < 1_000; number++)
        {
            flooded.Store.Write(TelemetryFixture.Line("flood", number));
        }

        for (var number = 0; number < 50; number++)
        {
            flooded.Store.Write(TelemetryFixture.Line("quiet", number, function: other));
        }

        var wide = other with { Name = "wide" };
        flooded.Store.TryWrite(TelemetryFixture.Line(new string('x', 60_000), 1, function: wide)).ShouldBeTrue();
        flooded.Store.TryWrite(TelemetryFixture.Line("more", 1, function: wide)).ShouldBeFalse();
        await flooded.Store.FlushAsync();
        flooded.Store.ReadLog(TelemetryFixture.Query()).Value.Items.Count.ShouldBe(50);
        flooded.Store.ReadLog(TelemetryFixture.Query("quiet")).Value.Items.Count.ShouldBe(50);
        flooded.Store.DroppedOf(Samples.Account).Lines.ShouldBe(951);
        flooded.Store.DroppedOf(Samples.OtherAccount).Lines.ShouldBe(0);

        // What would be dropped need not be made, and is counted all the same.
        flooded.Store.Wants(wide, 10).ShouldBeFalse();
        flooded.Store.Wants(other with { Name = "another" }, 10).ShouldBeTrue();
        flooded.Store.DroppedOf(Samples.Account).Lines.ShouldBe(952);
        flooded.Time.Advance(TimeSpan.FromSeconds(1));
        flooded.Store.TryWrite(TelemetryFixture.Line("later", 2)).ShouldBeTrue();
    }

    /// <summary>Figures for a million lines; prints them.</summary>
    [Fact(Explicit = true)]
    public async Task Measure()
    {
        const int Count = 1_000_000;
        var output = TestContext.Current.TestOutputHelper!;
        using var large = new TelemetryFixture(options => options with
        {
            LinesPerSecond = Count, LinesPerSecondOfFunction = Count, BytesPerSecondOfFunction = long.MaxValue,
        });
        var (started, processor) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var number = 0; number < Count; number++)
        {
            var text = number == Count / 3
                ? "here is the needle12345"
                : $"2026-11-21T22:00:00.000Z\t01a20043-319a-7594-a5f6-2cebf1257439\tINFO\t"
                    + $"{{\"level\":\"info\",\"message\":\"request {number} was handled\","
                    + $"\"status\":{200 + (number % 3)}}}\n";
            var function = number % 2 == 0 ? TelemetryFixture.Function : new(Samples.Account, $"g{number % 100}");
            while (!large.Store.TryWrite(TelemetryFixture.Line(text, number / 1_000.0, function: function)))
            {
                await large.Store.FlushAsync();
                large.Time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        await large.Store.FlushAsync();
        Tell("written");
        output.WriteLine($"{large.Store.ReadUsage().Bytes / 1e6:0} MB");
        Search("text, all functions", TelemetryFixture.Query(null), new LineFilter { Text = "needle12345" });
        Search("text, one function", TelemetryFixture.Query(), new LineFilter { Text = "needle12345" });
        Search("error level", TelemetryFixture.Query(null), new LineFilter { Level = LineLevel.Error });
        Search("json, no match", TelemetryFixture.Query(null), new LineFilter
        {
            Pattern = LogPattern.Parse("{ $.status = 500 }").Value,
        });
        Search("field 1 in 3", TelemetryFixture.Query(null), new LineFilter
        {
            Fields = [LineField.Parse("status=201").Value],
        });

        void Search(string name, TelemetryQuery query, LineFilter filter)
        {
            (started, processor) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var page = large.Store.ReadLog(query with { Filter = filter, NewestFirst = true, Limit = 1_000 }).Value;
            Tell($"{name}: {page.Items.Count} found, more: {page.NextToken is not null}");
        }

        void Tell(string what) => output.WriteLine(
            $"{what}: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.000} s, of processor time "
            + $"{(Environment.CpuUsage.TotalTime - processor).TotalSeconds:0.000} s");
    }

    private async Task WriteLevelsAsync()
    {
        string[] lines =
        [
            "WARNING:root:1", "2026\t1\tINFO\t2", "[ERROR] 3", "4", "INFO: 5", "[INFO] 6", "2026\t1\tERROR\t7",
        ];
        for (var number = 0; number < lines.Length; number++)
        {
            Store.Write(TelemetryFixture.Line(lines[number], number));
        }

        await Store.FlushAsync();
    }

    private IReadOnlyList<LogEntry> Read(TelemetryQuery query) => Store.ReadLog(query).Value.Items;
}
