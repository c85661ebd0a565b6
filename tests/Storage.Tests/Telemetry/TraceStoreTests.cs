using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

/// <summary>What is stored of traces comes back, to whom it belongs.</summary>
public sealed class TraceStoreTests : IDisposable
{
    private static readonly FunctionId Hello = new(AccountId.Root, "hello");
    private static readonly FunctionId Foreign = new(AccountId.Parse("111122223333"), "hello");
    private static readonly TraceId Trace = new(0x0af7651916cd43dd, 0x8448eb211c80319c);
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly TelemetryStore store;

    public TraceStoreTests() =>
        store = TelemetryStore.Open(new TelemetryOptions { Path = folder["telemetry.db"] }, new ManualTime());

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Call_that_came_with_a_trace_is_found_by_it()
    {
        var call = Call(Hello, "01a200d3-f5d7-79ee-b3c2-a11f0f5c088f", new TraceContext(Trace, ulong.MaxValue, false));
        store.Record(call);
        store.Record(Call(Foreign, "01a200d3-f5d7-79ee-b3c2-a11f0f5c0890", new TraceContext(Trace, 3, true)));
        await store.FlushAsync();
        var read = store.Traces.Read(AccountId.Root, Trace).Calls.ShouldHaveSingleItem();
        read.Trace.ShouldBe(call.Trace);
        read.RequestId.ShouldBe(call.RequestId);
    }

    [Fact]
    public async Task Call_that_begins_its_trace_is_found_by_its_request()
    {
        const string RequestId = "01a200d3-f5d7-79ee-b3c2-a11f0f5c088f";
        TraceId.TryOfRequest(RequestId, out var own).ShouldBeTrue();
        store.Record(Call(Hello, RequestId, new TraceContext(own, 0, true)));
        await store.FlushAsync();
        store.Traces.Read(AccountId.Root, own).Calls.ShouldHaveSingleItem().Trace.Parent.Trace.ShouldBe(own);
        store.Traces.Read(Foreign.Account, own).Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Span_comes_back_as_it_was_and_by_its_link()
    {
        var other = new TraceId(8, 9);
        var span = new TraceSpan
        {
            Owner = Hello,
            Parent = new TraceContext(Trace, 5, true),
            Span = ulong.MaxValue - 1,
            Name = "query",
            StartedAt = Noon,
            Duration = TimeSpan.FromTicks(12_345),
            Kind = SpanKind.Client,
            Status = SpanStatus.Error,
            Version = "7",
            Detail = """{"attributes":{"n":1}}""",
            Link = new TraceContext(other, 4, true),
        };
        store.Add(span).ShouldBeTrue();
        store.Add(span with { Owner = Foreign });
        var waiting = span with
        {
            Owner = new FunctionId(AccountId.Root, $"{TraceSpan.OtherOwner}queue:orders"),
            Origin = SpanOrigin.Execution,
            IsOpen = true,
            Duration = TimeSpan.Zero,
            Link = default,
        };
        store.Add(waiting);
        await store.FlushAsync();
        store.Traces.Read(AccountId.Root, Trace).Spans.ShouldBe([span, waiting]);
        store.Traces.Read(AccountId.Root, other).Spans.ShouldHaveSingleItem().ShouldBe(span);
        store.Traces.SpansOf(Hello, Noon, 10).ShouldHaveSingleItem().ShouldBe(span);
        store.Counters.SpansKept.ShouldBe(3);

        // Not every owner of a span has a log.
        store.ListInvocations(new TelemetryQuery { Account = AccountId.Root }).Value.Items.ShouldBeEmpty();
        await store.ForgetAsync(AccountId.Root);
        store.Traces.Read(AccountId.Root, Trace).Spans.ShouldBeEmpty();
        store.Traces.Read(Foreign.Account, Trace).Spans.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Releases_are_told_apart_by_version_and_code()
    {
        foreach (var (version, digest) in new[] { ("$LATEST", "aa"), ("$LATEST", "bb"), ("1", "bb"), ("1", "bb") })
        {
            store.Record(Call(Hello, Guid.CreateVersion7().ToString(), new TraceContext(Trace, 0, true)) with
            {
                Version = version, CodeDigest = digest,
            });
        }

        await store.FlushAsync();
        var releases = store.Traces.ReleasesOf(Hello, 10);
        releases.Select(release => (release.Version, release.CodeDigest))
            .ShouldBe([("1", "bb"), ("$LATEST", "bb"), ("$LATEST", "aa")]);
        store.Traces.CallsOf(Hello, releases[0], Noon, 10).Count.ShouldBe(2);
        store.Traces.ReleasesOf(Foreign, 10).ShouldBeEmpty();
    }

    [Fact]
    public async Task Flood_of_spans_is_cut_and_counted()
    {
        var kept = 0;
        for (ulong span = 1; span <= 6_000; span++)
        {
            kept += store.Add(new TraceSpan
            {
                Owner = Hello,
                Parent = new TraceContext(Trace, 0, true),
                Span = span,
                Name = "s",
                StartedAt = Noon,
                Duration = TimeSpan.Zero,
            }) ? 1 : 0;
        }

        await store.FlushAsync();
        kept.ShouldBe(5_000);
        store.Counters.SpansDropped.ShouldBe(1_000);
        store.Counters.DroppedCount.ShouldBe(1_000);
    }

    private static InvocationRecord Call(FunctionId function, string requestId, TraceContext parent) => new()
    {
        RequestId = requestId,
        Function = function,
        Version = "$LATEST",
        EnvironmentId = "e",
        StartedAt = Noon,
        Duration = TimeSpan.FromMilliseconds(5),
        Outcome = OutcomeKind.Success,
        MemoryMegabytes = 128,
        MaxMemoryUsedMegabytes = 20,
        Source = "invoke",
        Trace = new CallTrace(parent, 77),
    };
}
