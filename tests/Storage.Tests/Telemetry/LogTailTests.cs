using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class LogTailTests : IDisposable
{
    private readonly TelemetryFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Tail_gives_the_log_as_it_is_written()
    {
        using var tail = fixture.Store.Follow(Samples.Account, "f");
        fixture.Store.Write(TelemetryFixture.Line("hello", 0.1, "r1"));
        fixture.Store.Record(TelemetryFixture.Record("r1"));
        fixture.Store.Record(TelemetryFixture.Record("r2", 1));
        await fixture.Store.FlushAsync();

        Drain(tail).Select(entry => entry.Text).ShouldBe([
            "START RequestId: r1 Version: $LATEST\n", "hello", "END RequestId: r1\n",
            ReportLines.Report(TelemetryFixture.Record("r1")),
            "START RequestId: r2 Version: $LATEST\n", "END RequestId: r2\n",
            ReportLines.Report(TelemetryFixture.Record("r2")),
        ]);
    }

    [Fact]
    public async Task Tail_gives_only_what_it_was_asked_for()
    {
        var foreign = TelemetryFixture.Function with { Account = Samples.OtherAccount };
        var other = TelemetryFixture.Function with { Name = "g" };
        using var ofFunction = fixture.Store.Follow(Samples.Account, "f");
        using var ofAccount = fixture.Store.Follow(Samples.Account);
        using var ofCall = fixture.Store.Follow(Samples.Account, requestId: "r");
        fixture.Store.Write(TelemetryFixture.Line("foreign", 0, "r", foreign));
        fixture.Store.Write(TelemetryFixture.Line("other", 0, null, other));
        fixture.Store.Write(TelemetryFixture.Line("mine", 0));
        fixture.Store.Write(TelemetryFixture.Line("call", 0, "r"));
        await fixture.Store.FlushAsync();

        Lines(ofFunction).ShouldBe(["mine", "call"]);
        Lines(ofAccount).ShouldBe(["other", "mine", "call"]);
        Lines(ofCall).ShouldBe(["call"]);

        static IEnumerable<string> Lines(LogTail tail) =>
            Drain(tail).Where(entry => entry.Kind == LogEntryKind.Line).Select(entry => entry.Text);
    }

    [Fact]
    public async Task Slow_reader_loses_the_oldest_and_is_told_how_many()
    {
        using var tail = fixture.Store.Follow(Samples.Account, entriesMax: 10);
        for (var number = 0; number < 25; number++)
        {
            fixture.Store.Write(TelemetryFixture.Line($"{number}", number));
        }

        await fixture.Store.FlushAsync();
        tail.DroppedCount.ShouldBe(15);
        Drain(tail).Select(entry => entry.Text).ShouldBe(Enumerable.Range(15, 10).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Tail_ends_with_itself_and_with_the_store()
    {
        var first = fixture.Store.Follow(Samples.Account);
        var second = fixture.Store.Follow(Samples.Account);
        first.Dispose();
        await first.Entries.Completion;
        fixture.Store.Dispose();
        await second.Entries.Completion;
        await fixture.Store.Follow(Samples.Account).Entries.Completion;
    }

    private static List<LogEntry> Drain(LogTail tail)
    {
        var all = new List<LogEntry>();
        while (tail.Entries.TryRead(out var entry))
        {
            all.Add(entry);
        }

        return all;
    }
}
