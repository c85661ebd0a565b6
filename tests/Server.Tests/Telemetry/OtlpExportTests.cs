using System.Net.Http;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Server.Telemetry.Exports;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>What a collector gets, also after it was away.</summary>
public sealed class OtlpExportTests : IAsyncDisposable
{
    private static readonly FunctionId Hello = new(AccountId.Root, "hello");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-otlp-");
    private readonly TelemetryStore store;
    private readonly CancellationTokenSource limit = new(Patience);
    private readonly CollectorStub collector = new();
    private ExportLoop? export;

    public OtlpExportTests() => store = TelemetryStore.Open(
        new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (export is not null)
        {
            await export.DisposeAsync();
        }

        await collector.DisposeAsync();
        store.Dispose();
        limit.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Collector_gets_calls_phases_and_custom_spans_with_their_parents()
    {
        Begin();
        var trace = new TraceContext(new TraceId(5, 6), 7, IsSampled: true);
        store.Record(Call(trace, 8, OutcomeKind.HandlerError));
        store.Add(new TraceSpan
        {
            Owner = Hello,
            Version = "3",
            Parent = trace with { Span = 8 },
            Span = 9,
            Name = "query",
            StartedAt = TimeProvider.System.GetUtcNow(),
            Duration = TimeSpan.FromMilliseconds(3),
            Kind = SpanKind.Client,
            Status = SpanStatus.Ok,
            Detail = """{"attributes":{"db.system":"postgresql","rows":3,"share":0.5},"events":[]}""",
        });
        store.Record(Call(trace with { IsSampled = false }, 10, OutcomeKind.Success));
        await store.FlushAsync();
        await WaitForAsync(3);

        collector.Taken.ShouldAllBe(one => one.Key == "secret");
        var resource = Resources().First();
        Value(resource.Attributes, "service.name").ShouldBe("hello");
        Value(resource.Attributes, "faas.version").ShouldBe("3");
        Value(resource.Attributes, "cloud.account.id").ShouldBe(AccountId.Root.Value);
        var spans = Spans();
        spans.ShouldAllBe(span => Convert.ToHexStringLower(span.TraceId) == trace.Trace.ToString());
        var call = spans.Single(span => Id(span.SpanId) == 8);
        Id(call.ParentSpanId).ShouldBe(7UL);
        call.Kind.ShouldBe((int)SpanKind.Server);
        call.StatusCode.ShouldBe((int)SpanStatus.Error);
        Value(call.Attributes, "faas.coldstart").ShouldBe(false);
        call.EndUnixNanoseconds.ShouldBeGreaterThan(call.StartUnixNanoseconds);
        spans.Single(span => span.Name == "handler").ParentSpanId.ShouldBe(call.SpanId);
        var query = spans.Single(span => span.Name == "query");
        Id(query.ParentSpanId).ShouldBe(8UL);
        query.Kind.ShouldBe((int)SpanKind.Client);
        Value(query.Attributes, "rows").ShouldBe(3L);
        Value(query.Attributes, "share").ShouldBe(0.5);
        await collector.WaitAsync(() => export!.Meter.SentCount == 3, limit.Token);
    }

    [Fact]
    public async Task Outage_loses_nothing_that_is_stored()
    {
        collector.Refusals = 2;
        Begin();
        for (ulong call = 1; call <= 20; call++)
        {
            store.Record(Call(new TraceContext(new TraceId(1, call), 0, true), call, OutcomeKind.Success));
        }

        await store.FlushAsync();
        await WaitForAsync(40);
        Spans().Where(span => span.Name == "hello").Select(span => Id(span.SpanId)).Distinct().Count().ShouldBe(20);

        // What comes while it is not running is sent by the next start.
        await export!.DisposeAsync();
        export = null;
        store.Record(Call(new TraceContext(new TraceId(1, 21), 0, true), 21, OutcomeKind.Success));
        await store.FlushAsync();
        Begin();
        await WaitForAsync(42);
        Spans().ShouldContain(span => span.Name == "hello" && Id(span.SpanId) == 21);
    }

    [Fact]
    public async Task Spans_wait_for_a_collector_that_was_never_there_before_a_restart()
    {
        collector.Refusals = int.MaxValue;
        Begin();
        store.Record(Call(new TraceContext(new TraceId(1, 1), 0, true), 1, OutcomeKind.Success));
        await store.FlushAsync();
        await export!.DisposeAsync();
        collector.Refusals = 0;
        Begin();
        await WaitForAsync(2);
        Spans().ShouldContain(span => span.Name == "hello" && Id(span.SpanId) == 1);
    }

    private static InvocationRecord Call(TraceContext parent, ulong span, OutcomeKind outcome) => new()
    {
        RequestId = $"r{span}",
        Function = Hello,
        Version = "3",
        EnvironmentId = "e",
        StartedAt = TimeProvider.System.GetUtcNow(),
        Duration = TimeSpan.FromMilliseconds(12),
        Outcome = outcome,
        MemoryMegabytes = 128,
        MaxMemoryUsedMegabytes = 20,
        Source = "url",
        Trace = new CallTrace(parent, span),
    };

    private void Begin()
    {
        var meter = new ExportMeter();
        var client = new OtlpClient(
            new OtlpTarget(
                collector.Address, [KeyValuePair.Create("x-key", "secret")], new SocketsHttpHandler()),
            TimeProvider.System);
        var sender = new OtlpTraceSender(
            store,
            () => throw new InvalidOperationException("No execution is among the spans."),
            client,
            ExportAccounts.Everybody,
            "us-east-1",
            meter);
        export = ExportLoop.Start(
            sender, meter, store.Exports, TimeProvider.System, NullLogger<ExportLoop>.Instance);
    }

    private IEnumerable<OtlpResource> Resources() => collector.Taken
        .Where(request => request.Path == "/v1/traces")
        .SelectMany(request => OtlpProtobuf.TryRead(request.Body, out _)!);

    private List<OtlpSpan> Spans() =>
        [.. Resources().SelectMany(one => one.Scopes).SelectMany(one => one.Spans)];

    private Task WaitForAsync(int count) => collector.WaitAsync(() => Spans().Count >= count, limit.Token);

    private static ulong Id(byte[] bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private static object? Value(IEnumerable<OtlpAttribute> attributes, string name) =>
        attributes.Single(one => one.Name == name).Value;
}
