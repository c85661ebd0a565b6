using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class TelemetryReadTests : IDisposable
{
    private static readonly FunctionId Other = new(Samples.Account, "g");
    private static readonly FunctionId Foreign = new(Samples.OtherAccount, "f");

    private readonly TelemetryFixture fixture = new();

    private TelemetryStore Store => fixture.Store;

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("01938d7e-0000-7000-8000-0123456789ab")]
    [InlineData("01938D7E-0000-7000-8000-0123456789AB")]
    [InlineData("not a uuid")]
    [InlineData("fifteen letters")]
    public async Task Record_reads_back_the_same_and_is_found_by_its_id(string requestId)
    {
        var record = TelemetryFixture.Record(requestId) with
        {
            InitDuration = null,
            Phases = new CallPhases(default, TimeSpan.FromMilliseconds(4)),
        };
        Store.Record(record);
        var cold = TelemetryFixture.Record("another");
        Store.Record(cold);
        await Store.FlushAsync();

        List(TelemetryFixture.Query() with { RequestId = "another" }).ShouldBe([cold]);

        List(TelemetryFixture.Query() with { RequestId = requestId }).ShouldBe([record]);
        List(TelemetryFixture.Query("g") with { RequestId = requestId }).ShouldBeEmpty();
        List(TelemetryFixture.Query(null) with { RequestId = requestId }).ShouldBe([record]);
        List(new TelemetryQuery { Account = Samples.OtherAccount, RequestId = requestId }).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_has_the_platforms_lines_in_their_places()
    {
        Store.Write(TelemetryFixture.Line("loading\n", -1));
        Store.Write(TelemetryFixture.Line("hello\n", 0.1, "r1"));
        Store.Write(TelemetryFixture.Line("bye\n", 0.2, "r1"));
        Store.Record(TelemetryFixture.Record("r1"));
        await Store.FlushAsync();

        var log = Read(TelemetryFixture.Query());
        log.Select(entry => entry.Text).ShouldBe([
            "loading\n",
            "START RequestId: r1 Version: $LATEST\n",
            "hello\n",
            "bye\n",
            "END RequestId: r1\n",
            ReportLines.Report(TelemetryFixture.Record("r1")),
        ]);
        log.Select(entry => entry.Kind).ShouldBe([
            LogEntryKind.Line, LogEntryKind.Start, LogEntryKind.Line, LogEntryKind.Line, LogEntryKind.End,
            LogEntryKind.Report]);
        log[0].RequestId.ShouldBeNull();
        log[2].ShouldBe(LogEntry.From(TelemetryFixture.Line("hello\n", 0.1, "r1")));
        Read(TelemetryFixture.Query() with { RequestId = "r1" }).Count.ShouldBe(5);
        Read(TelemetryFixture.Query() with { NewestFirst = true }).ShouldBe(log.Reverse());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public async Task Pages_join_to_the_whole_although_times_are_equal(bool newestFirst, int limit)
    {
        for (var number = 0; number < 20; number++)
        {
            // Everything happens in two moments: ties are the hard part.
            var function = number % 3 == 0 ? Other : TelemetryFixture.Function;
            Store.Record(TelemetryFixture.Record($"r{number}", function: function) with { Duration = TimeSpan.Zero });
            Store.Write(TelemetryFixture.Line($"line {number}", number % 2, $"r{number}", function));
        }

        await Store.FlushAsync();
        var query = TelemetryFixture.Query(null) with { NewestFirst = newestFirst };
        var whole = Read(query);
        whole.Count.ShouldBe(80);

        ReadInPages(query, limit).ShouldBe(whole);
        var since = query with { Since = Samples.Time };
        ReadInPages(since, limit).ShouldBe(whole);
        var late = query with { Since = Samples.Time.AddSeconds(1) };
        ReadInPages(late, limit).ShouldBe(whole.Where(entry => entry.Time >= late.Since));
        var early = query with { Until = Samples.Time.AddSeconds(1) };
        ReadInPages(early, limit).ShouldBe(whole.Where(entry => entry.Time < early.Until));
    }

    [Fact]
    public async Task Accounts_do_not_see_each_other()
    {
        Store.Record(TelemetryFixture.Record("r", function: Foreign));
        Store.Write(TelemetryFixture.Line("secret", 0, "r", Foreign));
        await Store.FlushAsync();

        Read(TelemetryFixture.Query()).ShouldBeEmpty();
        Read(TelemetryFixture.Query(null)).ShouldBeEmpty();
        Read(TelemetryFixture.Query(null) with { RequestId = "r" }).ShouldBeEmpty();
        Read(new TelemetryQuery { Account = Samples.OtherAccount }).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Calls_list_by_start_and_by_failure()
    {
        Store.Record(TelemetryFixture.Record("b", 1, OutcomeKind.TimedOut));
        Store.Record(TelemetryFixture.Record("a", 0));
        Store.Record(TelemetryFixture.Record("c", 2, function: Other));
        await Store.FlushAsync();

        List(TelemetryFixture.Query(null) with { NewestFirst = true }).Select(record => record.RequestId)
            .ShouldBe(["c", "b", "a"]);
        List(TelemetryFixture.Query(null) with { FailuresOnly = true }).Select(record => record.RequestId)
            .ShouldBe(["b"]);
        List(TelemetryFixture.Query(null) with { FailuresOnly = true, RequestId = "b" }).Count.ShouldBe(1);
        List(TelemetryFixture.Query(null) with { FailuresOnly = true, RequestId = "a" }).ShouldBeEmpty();
        List(TelemetryFixture.Query() with { Since = Samples.Time, Until = Samples.Time.AddSeconds(1) })
            .Select(record => record.RequestId).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not*base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Page_token_that_is_none_is_refused(string token) =>
        Store.ReadLog(TelemetryFixture.Query() with { PageToken = token }).Error.ShouldNotBeNull()
            .Code.ShouldBe(ErrorCode.InvalidParameter);

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void Limit_out_of_range_is_refused(int limit) =>
        Store.ReadLog(TelemetryFixture.Query() with { Limit = limit }).Error.ShouldNotBeNull()
            .Code.ShouldBe(ErrorCode.InvalidParameter);

    [Fact]
    public async Task Long_text_is_cut_between_characters_and_says_so()
    {
        var text = new string('ä', TelemetryRow.TextBytesMax);
        Store.Write(TelemetryFixture.Line("x" + text, 0));
        await Store.FlushAsync();

        var read = Read(TelemetryFixture.Query()).ShouldHaveSingleItem().Text;
        read.ShouldStartWith("xä");
        read.ShouldEndWith($"ä… [{TelemetryRow.TextBytesMax + 2} bytes cut]\n");
        read.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public async Task Odd_text_reads_back_the_same()
    {
        const string text = "zero \0, quote ', snowman ☃, emoji 😀, tab\t\r\n";
        Store.Write(TelemetryFixture.Line(text, 0));
        Store.Write(TelemetryFixture.Line("", 1));
        await Store.FlushAsync();

        Read(TelemetryFixture.Query()).Select(entry => entry.Text).ShouldBe([text, ""]);
    }

    private IReadOnlyList<LogEntry> Read(TelemetryQuery query) => Store.ReadLog(query).Value.Items;

    private IReadOnlyList<InvocationRecord> List(TelemetryQuery query) => Store.ListInvocations(query).Value.Items;

    private List<LogEntry> ReadInPages(TelemetryQuery query, int limit)
    {
        var all = new List<LogEntry>();
        var next = default(string);
        do
        {
            var page = Store.ReadLog(query with { Limit = limit, PageToken = next }).Value;
            page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
            all.AddRange(page.Items);
            next = page.NextToken;
        }
        while (next is not null);

        return all;
    }
}
