using System.Net.Http;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Server.Telemetry.Exports;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>Log lines as a collector gets them, read by code that shares nothing with what wrote them.</summary>
public sealed class OtlpLogExportTests : IAsyncDisposable
{
    private const string Path = "/v1/logs";
    private static readonly FunctionId Hello = new(AccountId.Root, "hello");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-otlp-logs-");
    private readonly TelemetryStore store;
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
    private readonly CollectorStub collector = new();
    private readonly List<IDisposable> clients = [];
    private ExportLoop? export;

    public OtlpLogExportTests() => store = TelemetryStore.Open(
        new TelemetryOptions { Path = System.IO.Path.Combine(folder.FullName, "telemetry.db") }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await collector.DisposeAsync();
        clients.ForEach(client => client.Dispose());
        store.Dispose();
        limit.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Line_has_its_resource_level_call_and_place_in_the_trace()
    {
        Begin();
        var at = TimeProvider.System.GetUtcNow();
        store.Write(new LogLine(Hello, "3", "env-1", "r8", at, "2026-11-22T00:00:00.000Z\tr8\tERROR\tno card\n"));
        store.Write(new LogLine(Hello, "3", "env-1", "r8", at, """{"level":"warn","message":"slow","ms":7}"""));
        store.Write(new LogLine(Hello, "3", "env-1", null, at, "plain"));
        store.Record(Call("r8", at, new TraceContext(new TraceId(5, 6), 7, IsSampled: true), 8));
        await store.FlushAsync();
        await WaitForAsync(3);

        var resource = collector.Messages(Path).First().One(1);
        var attributes = resource.One(1).Attributes(1);
        attributes["service.name"].ShouldBe("hello");
        attributes["faas.name"].ShouldBe("hello");
        attributes["faas.version"].ShouldBe("3");
        attributes["cloud.account.id"].ShouldBe(AccountId.Root.Value);
        attributes["cloud.region"].ShouldBe("us-east-1");
        attributes["service.instance.id"].ShouldBe("env-1");
        var records = Records();
        records.Select(record => (int)record.Number(2)).ShouldBe([17, 13, 0]);
        records.Select(record => record.Text(3)).ShouldBe(["ERROR", "WARN", ""]);
        Bodies().ShouldBe(
        [
            "2026-11-22T00:00:00.000Z\tr8\tERROR\tno card",
            """{"level":"warn","message":"slow","ms":7}""",
            "plain",
        ]);
        var nanoseconds = (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * 100;
        records.ShouldAllBe(record => record.Number(1) == nanoseconds && record.Number(11) == nanoseconds);
        records[0].Attributes(6)["faas.invocation_id"].ShouldBe("r8");
        Convert.ToHexStringLower(records[0].Bytes(9)).ShouldBe("00000000000000050000000000000006");
        Convert.ToHexStringLower(records[0].Bytes(10)).ShouldBe("0000000000000008");
        records[0].Number(8).ShouldBe(1UL);
        records[2].Has(9).ShouldBeFalse();
        records[2].All(6).ShouldBeEmpty();
        collector.Taken.ShouldAllBe(request => request.Key == "secret" && request.Encoding == null);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task Outage_loses_nothing_and_repeats_nothing_also_over_a_restart(int status)
    {
        (collector.Refusals, collector.RefusalStatus, collector.RetryAfter) = (int.MaxValue, status, "1");
        Begin();
        Write(0, 1_500);
        await store.FlushAsync();
        await collector.WaitAsync(() => collector.AnsweredCount > 0, limit.Token);
        await collector.WaitAsync(() => export!.Meter.Problem is not null, limit.Token);
        export!.Meter.IsConnected.ShouldBeFalse();
        export.Meter.Problem.ShouldBe($"The collector answered {status}.");
        export.Backlog().Waiting.ShouldBe(1_500);
        await EndAsync();

        Write(1_500, 1_510);
        await store.FlushAsync();
        collector.Refusals = 0;
        Begin(isGzipped: true);
        await WaitForAsync(1_510);
        await collector.WaitAsync(() => export!.Meter.SentCount == 1_510, limit.Token);
        await EndAsync();

        Bodies().ShouldBe(Enumerable.Range(0, 1_510).Select(number => $"line {number}"));
        collector.Taken.ShouldAllBe(request => request.Encoding == "gzip");

        // And nothing again after one more start.
        Begin();
        Write(1_510, 1_511);
        await store.FlushAsync();
        await WaitForAsync(1_511);
        Bodies().Count.ShouldBe(1_511);
    }

    [Fact]
    public async Task What_the_collector_does_not_want_is_counted_and_not_sent_again()
    {
        // ExportLogsServiceResponse: partial_success (1) with rejected_log_records (1) = 2, error_message (2) = "no".
        collector.Answer = Convert.FromHexString("0A06080212026E6F");
        Begin();
        Write(0, 5);
        await store.FlushAsync();
        await collector.WaitAsync(() => export!.Meter.RejectedCount == 2, limit.Token);
        export!.Meter.SentCount.ShouldBe(3);
        export.Meter.Problem.ShouldBe("The collector rejected 2: no");

        (collector.Refusals, collector.RefusalStatus, collector.Answer) = (1, 400, []);
        Write(5, 10);
        await store.FlushAsync();
        await collector.WaitAsync(() => export.Meter.RejectedCount == 7, limit.Token);
        Write(10, 11);
        await store.FlushAsync();
        await collector.WaitAsync(() => export.Meter.SentCount == 4, limit.Token);
        Bodies().ShouldBe(["line 0", "line 1", "line 2", "line 3", "line 4", "line 10"]);
    }

    [Fact]
    public async Task Lines_that_were_removed_before_they_could_be_sent_are_counted()
    {
        collector.Refusals = int.MaxValue;
        Begin();
        Write(0, 10);
        await store.FlushAsync();
        await collector.WaitAsync(() => export!.Meter.Problem is not null, limit.Token);
        var end = TimeProvider.System.GetUtcNow();
        Write(10, 12);
        await store.FlushAsync();
        await store.PruneAsync(end);
        collector.Refusals = 0;
        await WaitForAsync(2);

        Bodies().ShouldBe(["line 10", "line 11"]);
        export!.Meter.DroppedCount.ShouldBe(10);
    }

    [Fact]
    public async Task Groups_of_programs_have_their_own_name_and_other_accounts_are_left_out()
    {
        Begin(accounts: AccountId.Parse("111122223333"));
        Write(0, 2);
        var at = TimeProvider.System.GetUtcNow();
        store.Write(new LogLine(
            new FunctionId(AccountId.Parse("111122223333"), LogSources.OfGroup("/app/web")), "", "stream", null, at,
            "x"));
        await store.FlushAsync();
        await WaitForAsync(1);

        Bodies().ShouldBe(["x"]);
        var attributes = collector.Messages(Path).Single().One(1).One(1).Attributes(1);
        attributes["service.name"].ShouldBe("/app/web");
        attributes["service.instance.id"].ShouldBe("stream");
        attributes.ShouldNotContainKey("faas.name");
    }

    private static InvocationRecord Call(string request, DateTimeOffset at, TraceContext parent, ulong span) => new()
    {
        RequestId = request,
        Function = Hello,
        Version = "3",
        EnvironmentId = "env-1",
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(12),
        Outcome = OutcomeKind.Success,
        MemoryMegabytes = 128,
        MaxMemoryUsedMegabytes = 20,
        Source = "url",
        Trace = new CallTrace(parent, span),
    };

    private void Begin(bool isGzipped = false, params AccountId[] accounts)
    {
        var meter = new ExportMeter();
        var client = new OtlpClient(
            new OtlpTarget(
                collector.Address, [KeyValuePair.Create("x-key", "secret")], new SocketsHttpHandler())
            {
                IsGzipped = isGzipped,
            },
            TimeProvider.System);
        clients.Add(client);
        var sender = new OtlpLogSender(store, client, new ExportAccounts(accounts), "us-east-1", meter);
        export = ExportLoop.Start(
            sender, meter, store.Exports, TimeProvider.System, NullLogger<ExportLoop>.Instance);
    }

    private async Task EndAsync()
    {
        if (export is not null)
        {
            await export.DisposeAsync();
        }

        export = null;
    }

    private void Write(int first, int end)
    {
        for (var number = first; number < end; number++)
        {
            store.Write(new LogLine(Hello, "3", "e", null, TimeProvider.System.GetUtcNow(), $"line {number}"));
        }
    }

    private List<WireMessage> Records() =>
    [
        .. collector.Messages(Path).SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2)),
    ];

    private List<string> Bodies() => [.. Records().Select(record => record.One(5).Text(1))];

    private Task WaitForAsync(int count) => collector.WaitAsync(() => Records().Count >= count, limit.Token);
}
