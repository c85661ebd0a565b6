using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class MetricStoreTests : IDisposable
{
    /// <summary>Before the noon at which the clock stands.</summary>
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-metrics-");
    private readonly ManualTime time = new();

    [Fact]
    public async Task Cells_of_a_minute_add_up_over_a_restart_and_in_hours_and_days()
    {
        for (var run = 0; run < 3; run++)
        {
            using var store = Open();
            await store.Metrics.AddAsync([Calls("hello", Start, 5), Calls("hello", Start.AddMinutes(1), 2)]);
            await store.Metrics.AddAsync([Calls("hello", Start, 1)]);
        }

        using var read = Open();
        Sum(read, MetricResolution.Minute, Start, Start.AddMinutes(1)).ShouldBe(18);
        Sum(read, MetricResolution.Minute, Start, Start.AddMinutes(2)).ShouldBe(24);
        Sum(read, MetricResolution.Hour, Start, Start.AddHours(1)).ShouldBe(24);
        Sum(read, MetricResolution.Day, Start.AddHours(-10), Start.AddHours(14)).ShouldBe(24);
        Sum(read, MetricResolution.Hour, Start.AddHours(1), Start.AddHours(2)).ShouldBe(0);
    }

    [Fact]
    public async Task Account_sees_nothing_of_another_and_takes_its_own_along()
    {
        var other = AccountId.Parse("111122223333");
        using var store = Open();
        await store.Metrics.AddAsync([Calls("hello", Start, 5), Calls("hello", Start, 7, other)]);

        Sum(store, MetricResolution.Minute, Start, Start.AddMinutes(1)).ShouldBe(5);
        Sum(store, MetricResolution.Minute, Start, Start.AddMinutes(1), other).ShouldBe(7);
        store.Metrics.List(other, MetricKind.Function, Start).ShouldHaveSingleItem().Name.ShouldBe("hello");

        await store.ForgetAsync(other);
        Sum(store, MetricResolution.Minute, Start, Start.AddMinutes(1), other).ShouldBe(0);
        Sum(store, MetricResolution.Minute, Start, Start.AddMinutes(1)).ShouldBe(5);
    }

    [Fact]
    public async Task Each_resolution_is_kept_for_its_own_time()
    {
        using var store = Open();
        await store.Metrics.AddAsync([Calls("hello", Start, 5)]);

        time.Advance(TimeSpan.FromDays(16));
        await store.Metrics.PruneAsync();
        Sum(store, MetricResolution.Minute, Start, Start.AddMinutes(1)).ShouldBe(0);
        Sum(store, MetricResolution.Hour, Start, Start.AddHours(1)).ShouldBe(5);

        time.Advance(TimeSpan.FromDays(91 - 16));
        await store.Metrics.PruneAsync();
        Sum(store, MetricResolution.Hour, Start, Start.AddHours(1)).ShouldBe(0);
        Sum(store, MetricResolution.Day, Start.AddHours(-10), Start.AddHours(14)).ShouldBe(5);

        time.Advance(TimeSpan.FromDays(457 - 91));
        await store.Metrics.PruneAsync();
        store.Metrics.CountSeries(AccountId.Root, MetricKind.Function).ShouldBe(0);
    }

    [Fact]
    public async Task Percentiles_over_a_month_of_many_functions_are_there_at_once()
    {
        using var store = Open();
        var random = new Random(1);
        for (var hour = 0; hour < 24; hour++)
        {
            await store.Metrics.AddAsync([.. Enumerable.Range(0, 60).SelectMany(minute =>
                Enumerable.Range(0, 20).Select(function =>
                    Timed(random, $"f{function}", Start.AddHours(-hour).AddMinutes(minute))))]);
        }

        var table = new MetricTable(Start.AddHours(-24), TimeSpan.FromHours(1), 26, series => series.Name);
        var selection = Selection(Start.AddHours(-24), Start.AddHours(2));
        var spans = MetricSpans.Cover(selection.From, selection.To, MetricResolution.Hour, Start);
        store.Metrics.Read(selection, spans, table.Add);

        table.Groups.Count.ShouldBe(20);
        var duration = table.Total("f7")[MetricMeasure.Duration]!;
        duration.Count.ShouldBe(24 * 60 * 10);
        duration.Percentile(50).ShouldBe(5_000, 500);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static MetricSelection Selection(DateTimeOffset from, DateTimeOffset to, AccountId? account = null) => new()
    {
        Account = account ?? AccountId.Root, Kind = MetricKind.Function, From = from, To = to,
    };

    private static MetricEntry Timed(Random random, string function, DateTimeOffset minute)
    {
        var cell = new MetricCell();
        for (var call = 0; call < 10; call++)
        {
            cell.Measure(MetricMeasure.Duration, random.Next(10_000));
        }

        return new MetricEntry(new MetricSeries(AccountId.Root, MetricKind.Function, function, "1"), minute, cell);
    }

    private static MetricEntry Calls(string function, DateTimeOffset minute, int calls, AccountId? account = null)
    {
        var cell = new MetricCell();
        cell.Count(MetricCounter.Invocations, calls);
        return new MetricEntry(
            new MetricSeries(account ?? AccountId.Root, MetricKind.Function, function, "$LATEST"), minute, cell);
    }

    private static long Sum(
        TelemetryStore store,
        MetricResolution resolution,
        DateTimeOffset from,
        DateTimeOffset to,
        AccountId? account = null)
    {
        var sum = 0L;
        store.Metrics.Read(
            Selection(from, to, account), [new MetricSpan(resolution, from, to)],
            (_, _, cell) => sum += MetricCell.Read(cell)![MetricCounter.Invocations]);
        return sum;
    }

    private TelemetryStore Open() => TelemetryStore.Open(
        new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, time);
}
