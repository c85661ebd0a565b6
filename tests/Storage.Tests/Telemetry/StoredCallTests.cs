using System.Collections.Immutable;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry.Calls;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class StoredCallTests : IDisposable
{
    private readonly TelemetryFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Call_isReadAsItWas()
    {
        fixture.Store.Record(Call("r1", "{\"a\":1}", "{\"b\":2}") with { CameFrom = "orders" });
        fixture.Store.Record(Call("r2", "{\"a\":1}", "{}") with { ReplayOf = "r1", CameFrom = "replay:j" });
        await fixture.Store.FlushAsync();

        var detail = fixture.Store.Calls.Get(Samples.Account, "r1").ShouldNotBeNull();
        Encoding.UTF8.GetString(detail.Stored!.Input!.Value.Span).ShouldBe("{\"a\":1}");
        Encoding.UTF8.GetString(detail.Stored.Output!.Value.Span).ShouldBe("{\"b\":2}");
        detail.Attempts.ShouldHaveSingleItem().CameFrom.ShouldBe("orders");
        detail.Replays.ShouldHaveSingleItem().Record.RequestId.ShouldBe("r2");
        fixture.Store.Calls.Get(Samples.Account, "r2")!.Attempts[0].ReplayOf.ShouldBe("r1");
        fixture.Store.Calls.CountReplays(Samples.Account, "replay:j").ShouldBe((1, 0));
        fixture.Store.Calls.Get(AccountId.Parse("999999999999"), "r1").ShouldBeNull();
    }

    [Fact]
    public async Task LargePayload_isKnownByItsSize()
    {
        fixture.Store.Record(Call("r1", new string('x', 70_000), "{}"));
        await fixture.Store.FlushAsync();
        var stored = fixture.Store.Calls.Get(Samples.Account, "r1")!.Stored!;
        stored.Input.ShouldBeNull();
        stored.InputBytes.ShouldBe(70_000);
        stored.Output.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("sekret-\"value\"", "{\"k\":\"sekret-\\\"value\\\"\"}")]
    [InlineData("sekret-\"value\"", "{\"k\":\"sekret-\\u0022value\\u0022\"}")]
    [InlineData("sekretüvalue", "{\"k\":\"sekret\\u00fcvalue\"}")]
    [InlineData("sekretüvalue", "{\"k\":\"sekretüvalue\"}")]
    public async Task Secrets_areTakenOutOfEventsAnswersAndErrors(string secret, string payload)
    {
        var variables = ImmutableSortedDictionary<string, string>.Empty.Add("API_KEY", secret);
        fixture.Store.Record(StoredCalls.Record(
            TelemetryFixture.Function, "1", "r1", payload,
            $"{{\"errorType\":\"E\",\"errorMessage\":\"bad\",\"x\":{payload}}}",
            OutcomeKind.HandlerError, fixture.Time.GetUtcNow(), variables: variables));
        await fixture.Store.FlushAsync();
        var stored = fixture.Store.Calls.Get(Samples.Account, "r1")!.Stored!;
        stored.InputMasked.ShouldBeTrue();
        Encoding.UTF8.GetString(stored.Input!.Value.Span).ShouldBe("{\"k\":\"********\"}");
        Encoding.UTF8.GetString(stored.Output!.Value.Span).ShouldNotContain("sekret");
    }

    [Fact]
    public async Task Calls_areListedAsTheyAreAskedFor()
    {
        var now = fixture.Time.GetUtcNow();
        for (var call = 0; call < 40; call++)
        {
            fixture.Store.Record(TelemetryFixture.Record(
                $"r{call}", call, call % 10 == 0 ? OutcomeKind.HandlerError : OutcomeKind.Success,
                TelemetryFixture.Function with { Name = call % 2 == 0 ? "even" : "odd" }) with
            {
                Version = call < 20 ? "1" : "2",
                Source = call % 4 == 0 ? "queue" : "invoke",
                Duration = TimeSpan.FromMilliseconds(call),
            });
        }

        await fixture.Store.FlushAsync();
        var all = new CallQuery { Account = Samples.Account, Limit = 100 };
        Ids(all).Count.ShouldBe(40);
        Ids(all)[0].ShouldBe("r39");
        Ids(all with { Function = "odd", Version = "1" }).Count.ShouldBe(10);
        Ids(all with { Outcomes = [OutcomeKind.HandlerError] }).ShouldBe(["r30", "r20", "r10", "r0"]);
        Ids(all with { Outcomes = [OutcomeKind.Success, OutcomeKind.HandlerError], Source = "queue" })
            .Count.ShouldBe(10);
        Ids(all with { DurationMin = TimeSpan.FromMilliseconds(35) }).ShouldBe(["r39", "r38", "r37", "r36", "r35"]);
        Ids(all with { Since = Samples.Time.AddSeconds(38) }).ShouldBe(["r39", "r38"]);
        Ids(all with { Until = Samples.Time.AddSeconds(2) }).ShouldBe(["r1", "r0"]);

        var pages = new List<string>();
        string? token = null;
        do
        {
            var page = fixture.Store.Calls.List(all with { Limit = 7, PageToken = token }).Value;
            pages.AddRange(page.Items.Select(entry => entry.Record.RequestId));
            token = page.NextToken;
        }
        while (token is not null);
        pages.ShouldBe(Ids(all));
        fixture.Store.Calls.List(all with { PageToken = "x" }).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public async Task StoredCalls_goByAgeAndBySize()
    {
        for (var call = 0; call < 1_200; call++)
        {
            fixture.Store.Record(Call($"r{call}", new string('x', 1_000), "{}"));
        }

        await fixture.Store.FlushAsync();
        (await fixture.Store.PruneCallsAsync(Samples.Time.AddDays(-1), 1_000_000)).ShouldBe(500);
        fixture.Store.Calls.Get(Samples.Account, "r0")!.Stored.ShouldBeNull();
        fixture.Store.Calls.Get(Samples.Account, "r1199")!.Stored.ShouldNotBeNull();
        (await fixture.Store.PruneCallsAsync(Samples.Time.AddYears(1), long.MaxValue)).ShouldBe(700);
        fixture.Store.Calls.Get(Samples.Account, "r1199")!.Stored.ShouldBeNull();
    }

    private List<string> Ids(CallQuery query) =>
        [.. fixture.Store.Calls.List(query).Value.Items.Select(entry => entry.Record.RequestId)];

    private static InvocationRecord Call(string request, string input, string output) => StoredCalls.Record(
        TelemetryFixture.Function, "1", request, input, output, OutcomeKind.Success, Samples.Time);
}
