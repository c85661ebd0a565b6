using System.Diagnostics;
using System.Globalization;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry.Calls;
using Lambent.Storage.Telemetry.Errors;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

/// <summary>
/// Lists with many calls and many groups. LAMBENT_SCALE_CALLS says how many calls, 20,000 otherwise; each list answers
/// in under a second, with a million as well.
/// </summary>
public sealed class CallScaleTests(ITestOutputHelper output) : IDisposable
{
    private const int FunctionCount = 20;
    private const int GroupCount = 900;

    private readonly TelemetryFixture fixture = new(options => options with
    {
        RecordsPerSecond = int.MaxValue,
        QueuedBytesMax = long.MaxValue / 8,
    });

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Lists_answerInUnderASecond()
    {
        var calls = int.Parse(
            Environment.GetEnvironmentVariable("LAMBENT_SCALE_CALLS") ?? "20000", CultureInfo.InvariantCulture);
        for (var call = 0; call < calls; call++)
        {
            fixture.Store.Record(Make(call));
            if (call % 20_000 == 0)
            {
                await fixture.Store.FlushAsync();
            }
        }

        await fixture.Store.FlushAsync();
        var all = new CallQuery { Account = Samples.Account };
        var function = all with { Function = "f3" };
        Time("newest", () => List(all).ShouldBe(50));
        Time("newest of a function", () => List(function).ShouldBe(50));
        Time("failed", () => List(all with { Outcomes = [OutcomeKind.HandlerError] }).ShouldBe(50));
        Time("slow, of all", () => List(all with { DurationMin = TimeSpan.FromSeconds(30) }).ShouldBeGreaterThan(0));
        Time("none so slow", () => List(all with { DurationMin = TimeSpan.FromHours(1) }).ShouldBe(0));
        Time("none of the version", () => List(all with { Version = "99" }).ShouldBe(0));
        Time("none of the origin", () => List(all with { Source = "workflow" }).ShouldBe(0));
        Time("oldest minute", () => List(all with { Until = Samples.Time.AddSeconds(60) }).ShouldBeGreaterThan(0));
        Time("one call", () => fixture.Store.Calls.Get(Samples.Account, Id(calls / 2)).ShouldNotBeNull());
        var groups = new ErrorQuery { Account = Samples.Account, Limit = 100 };
        Time("groups", () => fixture.Store.Errors.List(groups).Value.Items.Count.ShouldBe(100));
        Time("groups of a function", () =>
            fixture.Store.Errors.List(groups with { Function = "f3" }).IsSuccess.ShouldBeTrue());
        var first = fixture.Store.Errors.List(groups).Value.Items[0].Id;
        Time("a group", () => fixture.Store.Errors.Get(Samples.Account, first, 336).ShouldNotBeNull());
        output.WriteLine($"database: {new FileInfo(fixture.Options.Path).Length >> 20} MB for {calls} calls");
    }

    private static InvocationRecord Make(int call)
    {
        var function = TelemetryFixture.Function with { Name = $"f{call % FunctionCount}" };
        var isFailed = call % 50 == 0;
        var at = Samples.Time.AddMilliseconds(call * 10);
        var record = isFailed
            ? StoredCalls.Record(
                function, "1", Id(call), "{\"id\":1}",
                StoredCalls.Node("E", $"no {Word(call / 50 % GroupCount)} of {call}"), OutcomeKind.HandlerError, at)
            : TelemetryFixture.Record(Id(call), function: function) with { Version = "1", StartedAt = at };
        return record with { Duration = TimeSpan.FromMilliseconds(call % 9_973 == 7 ? 31_000 : call % 900) };
    }

    private static string Id(int call) => new Guid(call, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString();

    private static string Word(int number) =>
        string.Concat($"{number:0000}".Select(digit => (char)('g' + digit - '0')));

    private int List(CallQuery query) => fixture.Store.Calls.List(query).Value.Items.Count;

    private void Time(string name, Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        output.WriteLine($"{name}: {watch.Elapsed.TotalMilliseconds:0.0} ms");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1), name);
    }
}
