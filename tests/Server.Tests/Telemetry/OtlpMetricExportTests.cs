using System.Net.Http;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Metrics;
using Lambent.Server.Metrics;
using Lambent.Server.Telemetry.Exports;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>
/// Figures as a collector gets them, minute by minute, on a clock that the test moves; read by code that shares nothing
/// with what wrote them.
/// </summary>
public sealed class OtlpMetricExportTests : IAsyncDisposable
{
    private const string Path = "/v1/metrics";
    private static readonly FunctionId Hello = new(AccountId.Root, "hello");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-otlp-metrics-");
    private readonly VirtualTime time = new();
    private readonly CollectorStub collector = new();
    private readonly DateTimeOffset start;
    private TelemetryStore store;
    private CallMetrics calls;
    private MetricKeeper keeper;
    private ExportMeter meter = new();
    private OtlpClient client;
    private OtlpMetricSender sender;

    public OtlpMetricExportTests()
    {
        start = time.GetUtcNow();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await collector.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Minute_is_sent_once_when_it_is_over_and_what_comes_later_counts_into_a_later_one()
    {
        Call(3, TimeSpan.FromMilliseconds(10));
        Call(1, TimeSpan.FromMilliseconds(700), OutcomeKind.TimedOut);
        (await sender.SendNextAsync(default)).ShouldBe(ExportRest.For(TimeSpan.FromSeconds(63)));
        time.Advance(TimeSpan.FromSeconds(64));
        await SendAllAsync();

        Sums("faas.invocations").ShouldBe([(0, 4L)]);
        Sums("faas.errors").ShouldBe([(0, 1L)]);
        Sums("faas.timeouts").ShouldBe([(0, 1L)]);
        Sums("lambent.billed_duration").ShouldBe([(0, 730L)]);

        // A call that began in the minute that was sent, and one of this minute.
        calls.Record(Record(start, TimeSpan.FromSeconds(61)));
        Call(2, TimeSpan.FromMilliseconds(10));
        time.Advance(TimeSpan.FromSeconds(60));
        await SendAllAsync();
        await SendAllAsync();

        Sums("faas.invocations").ShouldBe([(0, 4L), (1, 3L)]);
        Total().ShouldBe(7);
    }

    [Fact]
    public async Task Neither_an_outage_nor_a_restart_loses_or_repeats_a_minute()
    {
        collector.Refusals = int.MaxValue;
        for (var minute = 0; minute < 3; minute++)
        {
            Call(minute + 1, TimeSpan.FromMilliseconds(10));
            time.Advance(TimeSpan.FromSeconds(minute == 0 ? 64 : 60));
            (await Should.ThrowAsync<ExportRefusedException>(() => sender.SendNextAsync(default)))
                .Message.ShouldContain("503");
            sender.Backlog().Oldest.ShouldBe(start);
        }

        // Counted after the last full minute, and written when the server stops.
        Call(10, TimeSpan.FromMilliseconds(10));
        await CloseAsync();
        Open();
        time.Advance(TimeSpan.FromHours(2));
        Call(20, TimeSpan.FromMilliseconds(10));
        collector.Refusals = 0;
        await SendAllAsync();
        Sums("faas.invocations").ShouldBe([(0, 1L), (1, 2L), (2, 3L), (3, 10L)]);

        await CloseAsync();
        Open();
        time.Advance(TimeSpan.FromSeconds(60));
        await SendAllAsync();
        Sums("faas.invocations").ShouldBe([(0, 1L), (1, 2L), (2, 3L), (3, 10L), (123, 20L)]);
        sender.Backlog().Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Figures_have_resource_unit_temporality_and_buckets_that_values_are_in()
    {
        double[] milliseconds = [0.05, 1, 1, 20, 300, 300, 300, 9_000];
        foreach (var duration in milliseconds)
        {
            Call(1, TimeSpan.FromMilliseconds(duration), alias: "live");
        }

        time.Advance(TimeSpan.FromSeconds(64));
        await SendAllAsync();

        var resource = collector.Messages(Path).Single().One(1);
        var attributes = resource.One(1).Attributes(1);
        attributes["service.name"].ShouldBe("hello");
        attributes["faas.name"].ShouldBe("hello");
        attributes["faas.version"].ShouldBe("3");
        attributes["cloud.account.id"].ShouldBe(AccountId.Root.Value);
        var metrics = resource.One(2).All(2).ToDictionary(metric => metric.Text(1));
        metrics["faas.invocations"].Text(3).ShouldBe("{invocation}");
        var sum = metrics["faas.invocations"].One(7);
        sum.Number(2).ShouldBe(1UL, "delta");
        sum.Number(3).ShouldBe(1UL, "monotonic");
        sum.One(1).Attributes(7)["lambent.alias"].ShouldBe("live");
        metrics["lambent.gb_seconds"].One(7).One(1).Double(4).ShouldBe(
            milliseconds.Sum(Math.Ceiling) / 1000 / 8, 1e-9);
        metrics["lambent.cost"].Text(3).ShouldBe("{EUR}");
        metrics["lambent.cost"].One(7).One(1).Double(4).ShouldBe(
            (milliseconds.Sum(Math.Ceiling) / 1000 / 8 * 2) + (8 * 3 / 1e6), 1e-9);

        var duration2 = metrics["faas.invoke_duration"];
        duration2.Text(3).ShouldBe("s");
        duration2.One(10).Number(2).ShouldBe(1UL, "delta");
        var point = duration2.One(10).One(1);
        point.Number(4).ShouldBe(8UL);
        point.Double(5).ShouldBe(milliseconds.Sum() / 1000, 1e-9);
        point.Double(12).ShouldBe(0.00005, 1e-12);
        point.Double(13).ShouldBe(9.0, 1e-9);
        var growth = Math.Pow(2, Math.Pow(2, -point.Signed(6)));
        var counts = point.One(8).Packed(2);
        counts.Count.ShouldBeLessThanOrEqualTo(160);
        counts.Aggregate((left, right) => left + right).ShouldBe(8UL);
        for (var index = 0; index < counts.Count; index++)
        {
            // A bucket of ours is within 1/128 of its values.
            var (low, high) = (
                Math.Pow(growth, point.One(8).Signed(1) + index) * (1 - (1 / 100.0)),
                Math.Pow(growth, point.One(8).Signed(1) + index + 1) * (1 + (1 / 100.0)));
            var within = milliseconds.Count(value => value / 1000 > low && value / 1000 <= high);
            ((int)counts[index]).ShouldBeLessThanOrEqualTo(within);
        }
    }

    [Fact]
    public async Task Queues_tell_how_they_stand_and_what_went_through()
    {
        var cell = new MetricCell();
        cell.Count(MetricCounter.MessagesSent, 5);
        cell.Measure(MetricMeasure.MessagesVisible, 7);
        cell.Measure(MetricMeasure.OldestMessageAge, 2_500_000);
        await store.Metrics.AddAsync(
            [new MetricEntry(new MetricSeries(AccountId.Root, MetricKind.Queue, "jobs"), start, cell)]);
        var custom = new MetricCell();
        custom.Measure(MetricMeasure.Value, 1);
        await store.Metrics.AddAsync(
            [new MetricEntry(new MetricSeries(AccountId.Root, MetricKind.Custom, "mine", "m"), start, custom)]);
        time.Advance(TimeSpan.FromSeconds(64));
        await SendAllAsync();

        var resource = collector.Messages(Path).Single().One(1);
        resource.One(1).Attributes(1)["service.name"].ShouldBe("jobs");
        resource.One(1).Attributes(1)["lambent.kind"].ShouldBe("queue");
        var metrics = resource.One(2).All(2).ToDictionary(metric => metric.Text(1));
        metrics["lambent.queue.sent"].One(7).One(1).Number(6).ShouldBe(5UL);
        metrics["lambent.queue.visible"].One(5).One(1).Double(4).ShouldBe(7);
        metrics["lambent.queue.oldest_age"].One(5).One(1).Double(4).ShouldBe(2.5, 1e-9);
    }

    [Fact]
    public async Task Minutes_older_than_what_is_kept_are_given_up_and_counted()
    {
        collector.Refusals = int.MaxValue;
        Call(1, TimeSpan.FromMilliseconds(10));
        time.Advance(TimeSpan.FromSeconds(64));
        await Should.ThrowAsync<ExportRefusedException>(() => sender.SendNextAsync(default));
        time.Advance(Limits.MetricMinuteRetention);
        collector.Refusals = 0;
        await SendAllAsync();

        collector.Taken.ShouldBeEmpty();
        meter.DroppedCount.ShouldBe(1);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(
        nameof(store), nameof(calls), nameof(keeper), nameof(client), nameof(sender))]
    private void Open()
    {
        store = TelemetryStore.Open(
            new TelemetryOptions { Path = System.IO.Path.Combine(folder.FullName, "telemetry.db") }, time);
        calls = new CallMetrics(store, time);
        keeper = new MetricKeeper(store.Metrics, time, NullLogger<MetricKeeper>.Instance);
        keeper.Add(calls);
        meter = new ExportMeter();
        client = new OtlpClient(new OtlpTarget(collector.Address, [], new SocketsHttpHandler()), time);
        var rates = new Rates(start, 2, 3, "EUR");
        sender = new OtlpMetricSender(
            store, keeper.FlushAsync, new OtlpFigures("us-east-1", _ => rates), client, ExportAccounts.Everybody, meter,
            time);
    }

    private async Task CloseAsync()
    {
        await keeper.DisposeAsync();
        sender.Dispose();
        client.Dispose();
        store.Dispose();
    }

    private void Call(
        int times, TimeSpan duration, OutcomeKind outcome = OutcomeKind.Success, string alias = "")
    {
        for (var call = 0; call < times; call++)
        {
            calls.Record(Record(time.GetUtcNow(), duration, outcome, alias));
        }
    }

    private static InvocationRecord Record(
        DateTimeOffset at, TimeSpan duration, OutcomeKind outcome = OutcomeKind.Success, string alias = "") => new()
        {
            RequestId = "r",
            Function = Hello,
            Version = "3",
            InvokedArn = $"arn:aws:lambda:us-east-1:{AccountId.Root}:function:hello"
                + (alias.Length > 0 ? $":{alias}" : ""),
            EnvironmentId = "e",
            StartedAt = at,
            Duration = duration,
            Outcome = outcome,
            MemoryMegabytes = 128,
            MaxMemoryUsedMegabytes = 20,
            Source = "url",
        };

    private async Task SendAllAsync()
    {
        while (await sender.SendNextAsync(default) == ExportRest.None)
        {
        }
    }

    /// <summary>The points of a sum, each with the number of its minute since the start.</summary>
    private List<(int Minute, long Value)> Sums(string name) =>
    [
        .. collector.Messages(Path).SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2)).Where(metric => metric.Text(1) == name)
            .SelectMany(metric => metric.One(7).All(1))
            .Select(point =>
            {
                (point.Number(3) - point.Number(2)).ShouldBe(60_000_000_000UL);
                var begin = DateTimeOffset.UnixEpoch.AddTicks((long)(point.Number(2) / 100));
                return ((int)(begin - start).TotalMinutes, (long)point.Number(6));
            }),
    ];

    private long Total() => Sums("faas.invocations").Sum(point => point.Value);
}
