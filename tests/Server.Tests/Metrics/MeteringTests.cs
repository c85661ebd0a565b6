using System.Diagnostics;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Metrics;
using Lambent.Server.Functions;
using Lambent.Server.Metrics;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Metrics;

/// <summary>From the record of a call to the bill.</summary>
public sealed class MeteringTests : IAsyncDisposable
{
    private static readonly AccountId Other = AccountId.Parse("111122223333");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-metering-");
    private readonly VirtualTime time = new();
    private readonly TelemetryStore store;
    private readonly MetricKeeper keeper;
    private readonly CallMetrics calls;
    private readonly RateBook rates;
    private readonly MetricReader reader;
    private readonly FunctionDirectory functions = new();

    public MeteringTests()
    {
        store = TelemetryStore.Open(
            new TelemetryOptions
            {
                Path = Path.Combine(folder.FullName, "telemetry.db"), WriteDelay = TimeSpan.FromMilliseconds(1),
            },
            time);
        keeper = new MetricKeeper(store.Metrics, time, NullLogger<MetricKeeper>.Instance);
        calls = new CallMetrics(store, time);
        keeper.Add(calls);
        rates = new RateBook(new InMemoryStore());
        reader = new MetricReader(store.Metrics, keeper, rates, time);
    }

    [Fact]
    public async Task Bill_is_that_of_the_invocation_log_to_the_millisecond_whatever_the_groups()
    {
        var now = time.GetUtcNow();
        await SetRateAsync(now.AddDays(-30), 0.0000166667m);
        await SetRateAsync(now.AddMinutes(-90), 0.0000133334m);
        var random = new Random(4);
        var records = Enumerable.Range(0, 2_000).Select(_ => Generate(random, now)).ToList();
        records.ForEach(calls.Record);
        await store.FlushAsync();

        var logged = new List<InvocationRecord>();
        foreach (var account in (AccountId[])[AccountId.Root, Other])
        {
            string? next = null;
            do
            {
                var query = new TelemetryQuery { Account = account, Limit = 500, PageToken = next };
                var page = store.ListInvocations(query).Value;
                logged.AddRange(page.Items);
                next = page.NextToken;
            }
            while (next is not null);
        }

        logged.Count.ShouldBe(records.Count);
        var expected = logged.Aggregate(Money.Zero, (sum, call) => sum + Money.Of(
            ReportLines.BilledMilliseconds(call) * call.MemoryMegabytes, 1, rates.History.At(call.StartedAt)!));
        foreach (var groupBy in (string[])["", "function", "account,function,version", "day", "alias", "tag:team"])
        {
            var groups = MetricGroups.Parse(groupBy, functions, [MetricReader.DayDimension], "groupBy").Value;
            var bill = await reader.BillAsync(null, now.AddDays(-2), now.AddMinutes(1), groups);

            bill.Total.Cost.ShouldBe(expected, groupBy);
            bill.Total.Invocations.ShouldBe(records.Count);
            bill.Total.BilledMilliseconds.ShouldBe(logged.Sum(ReportLines.BilledMilliseconds));
            bill.Lines.Aggregate(Money.Zero, (sum, line) => sum + line.Value.Cost).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Account_is_billed_for_its_own_calls_only()
    {
        var now = time.GetUtcNow();
        calls.Record(Call(AccountId.Root, "f", now));
        calls.Record(Call(Other, "f", now));
        calls.Record(Call(Other, "g", now));

        var groups = MetricGroups.Parse("function", functions, [], "groupBy").Value;
        (await reader.BillAsync(AccountId.Root, now.AddHours(-1), now.AddMinutes(1), groups))
            .Total.Invocations.ShouldBe(1);
        (await reader.BillAsync(Other, now.AddHours(-1), now.AddMinutes(1), groups))
            .Lines.Select(line => line.Key).ShouldBe(["f", "g"]);
    }

    [Theory]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f", "$LATEST", "")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:7", "7", "")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST", "$LATEST", "")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:live", "7", "live")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:f", "7", "f")]
    [InlineData("", "7", "")]
    public void Alias_is_what_follows_the_name_and_is_no_version(string arn, string version, string alias) =>
        CallMetrics.AliasOf(arn, version).ToString().ShouldBe(alias);

    [Fact]
    public async Task Refused_calls_are_throttles_and_no_invocations()
    {
        calls.Refuse(new FunctionId(AccountId.Root, "f"), "$LATEST", "");
        await keeper.FlushAsync();

        var now = time.GetUtcNow();
        var table = await reader.ReadAsync(Selection(now), TimeSpan.FromMinutes(1), _ => "");
        table.Total("")[MetricCounter.Throttles].ShouldBe(1);
        table.Total("")[MetricCounter.Invocations].ShouldBe(0);
    }

    [Fact]
    public async Task Calls_from_many_threads_are_all_counted_while_it_is_written()
    {
        var now = time.GetUtcNow();
        var record = Call(AccountId.Root, "f", now);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var call = 0; call < 20_000; call++)
            {
                calls.Record(record);
                if (call % 5_000 == 0)
                {
                    await keeper.FlushAsync();
                }
            }
        })));
        time.Advance(TimeSpan.FromSeconds(2));

        var table = await reader.ReadAsync(Selection(now), TimeSpan.FromMinutes(1), _ => "");
        table.Total("")[MetricCounter.Invocations].ShouldBe(80_000);
        table.Total("")[MetricMeasure.Duration]!.Count.ShouldBe(80_000);
    }

    [Fact]
    public void Counting_a_call_allocates_nothing_and_takes_less_than_a_microsecond()
    {
        const int Calls = 200_000;
        var record = Call(AccountId.Root, "f", time.GetUtcNow());
        var sink = new CallMetrics(new NoSink(), time);
        for (var call = 0; call < 20_000; call++)
        {
            sink.Record(record);
        }

        var (allocated, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var call = 0; call < Calls; call++)
        {
            sink.Record(record);
        }

        var nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls;
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{nanoseconds:0} ns a call");

        // A wide bound: other work shares the processors.
        nanoseconds.ShouldBeLessThan(5_000);
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        folder.Delete(recursive: true);
        await Task.CompletedTask;
    }

    private static MetricSelection Selection(DateTimeOffset now) => new()
    {
        Account = AccountId.Root,
        Kind = MetricKind.Function,
        From = MetricSpans.Floor(now, TimeSpan.FromMinutes(1)),
        To = MetricSpans.Floor(now, TimeSpan.FromMinutes(1)).AddMinutes(1),
    };

    private static InvocationRecord Generate(Random random, DateTimeOffset now)
    {
        var init = random.Next(5) == 0 ? TimeSpan.FromTicks(random.NextInt64(10_000_000)) : default(TimeSpan?);
        var function = $"f{random.Next(4)}";
        var version = random.Next(2) == 0 ? "$LATEST" : "7";
        return Call(random.Next(3) == 0 ? Other : AccountId.Root, function, now) with
        {
            Version = version,
            StartedAt = now - TimeSpan.FromTicks(random.NextInt64(TimeSpan.FromHours(30).Ticks)),
            Duration = TimeSpan.FromTicks(random.NextInt64(50_000_000)),
            InitDuration = init,
            Phases = init is { } all
                ? new CallPhases(default, default, Init: all)
                : default,
            MemoryMegabytes = 128 << random.Next(4),
            Outcome = (OutcomeKind)random.Next(5),
            InvokedArn = random.Next(2) == 0
                ? "" : $"arn:aws:lambda:us-east-1:000000000000:function:{function}:live",
        };
    }

    [Fact]
    public void Meter_that_was_given_up_is_followed_by_another_and_no_call_is_lost()
    {
        var counting = new CallMetrics(new NoSink(), time);
        var record = Call(AccountId.Root, "rare", time.GetUtcNow());
        var counted = 0;
        for (var time = 0; time < 5; time++)
        {
            counting.Record(record);
            var entries = new List<MetricEntry>();
            // More rounds without a call than a meter lives.
            for (var round = 0; round < 70; round++)
            {
                counting.Collect(this.time.GetUtcNow(), entries);
            }

            counted += entries.Count > 0 ? 1 : 0;
        }

        counted.ShouldBe(5);
    }

    [Fact]
    public async Task Meters_that_are_given_up_while_calls_come_stop_nobody()
    {
        var counting = new CallMetrics(new NoSink(), time);
        var record = Call(AccountId.Root, "rare", time.GetUtcNow());
        using var stopping = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            var entries = new List<MetricEntry>();
            while (!stopping.IsCancellationRequested)
            {
                counting.Collect(DateTimeOffset.UnixEpoch, entries);
                entries.Clear();
            }
        });
        await Task.Run(() =>
        {
            for (var call = 0; call < 20_000; call++)
            {
                counting.Record(record);
                Thread.SpinWait(call % 500);
            }
        }).WaitAsync(TimeSpan.FromSeconds(60));
        await stopping.CancelAsync();
        await collecting;
    }

    private static InvocationRecord Call(AccountId account, string function, DateTimeOffset at) => new()
    {
        RequestId = Guid.CreateVersion7().ToString("D"),
        Function = new FunctionId(account, function),
        Version = "$LATEST",
        EnvironmentId = "e",
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(2.3),
        Outcome = OutcomeKind.Success,
        MemoryMegabytes = 128,
        MaxMemoryUsedMegabytes = 60,
        Source = "invoke",
    };

    private async Task SetRateAsync(DateTimeOffset from, decimal price) =>
        (await rates.SetAsync(new Rates(from, price, 0.2m, "USD"), default)).IsSuccess.ShouldBeTrue();

    private sealed class NoSink : ITelemetrySink
    {
        public void Record(InvocationRecord record)
        {
        }

        public void Write(LogLine line)
        {
        }
    }
}
