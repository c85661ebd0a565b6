using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Launching;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.ControlGroups;

/// <summary>The watch over memory, with made-up figures and made-up time.</summary>
public sealed class MemoryWatchTests : IDisposable
{
    private const long Limit = 1_000;

    private readonly ManualTime time = new();
    private readonly Reactor reactor = new("test", _ => { });
    private readonly MemoryWatch watch;

    public MemoryWatchTests() => watch = new MemoryWatch(reactor, time, _ => { });

    public void Dispose()
    {
        watch.Dispose();
        reactor.Dispose();
    }

    [Fact]
    public void Anonymous_memory_above_the_limit_is_found_at_the_next_look_and_told_once()
    {
        var group = new FakeGroup();
        var exceeded = 0;
        using var entry = watch.Watch(group, Limit, () => exceeded++);
        time.Advance(TimeSpan.FromMilliseconds(50));
        exceeded.ShouldBe(0);
        group.Usage = group.Anonymous = Limit + 1;
        time.Advance(TimeSpan.FromMilliseconds(50));
        time.Advance(TimeSpan.FromMilliseconds(50));
        exceeded.ShouldBe(1);
        entry.HasExceeded.ShouldBeTrue();
    }

    [Fact]
    public void Files_and_cache_above_the_limit_are_no_reason()
    {
        var group = new FakeGroup { Usage = Limit * 100, Anonymous = Limit };
        using var entry = watch.Watch(group, Limit, () => Assert.Fail("Nothing is exceeded."));
        time.Advance(TimeSpan.FromMilliseconds(500));
        entry.HasExceeded.ShouldBeFalse();
    }

    [Fact]
    public void Fast_growth_is_looked_at_every_5_ms()
    {
        var group = new FakeGroup();
        var exceeded = 0;
        using var entry = watch.Watch(group, 100 << 20, () => exceeded++);
        group.Usage = 50 << 20;
        time.Advance(TimeSpan.FromMilliseconds(50));
        group.Usage = group.Anonymous = 101 << 20;
        time.Advance(TimeSpan.FromMilliseconds(5));
        exceeded.ShouldBe(1);
    }

    [Fact]
    public void Entry_that_was_disposed_is_not_looked_at()
    {
        var group = new FakeGroup { Usage = Limit * 2, Anonymous = Limit * 2 };
        var entry = watch.Watch(group, Limit, () => Assert.Fail("The environment is gone."));
        entry.Dispose();
        time.Advance(TimeSpan.FromMilliseconds(100));
        group.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task Group_that_the_kernel_reports_on_is_left_alone_below_the_limit()
    {
        var group = new FakeGroup { Notifies = true };
        var exceeded = 0;
        using var entry = watch.Watch(group, Limit, () => exceeded++);
        await group.Arranged.Task;
        while (!entry.IsNotified)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromMilliseconds(50));
        var reads = group.Reads;
        time.Advance(TimeSpan.FromMilliseconds(500));
        group.Reads.ShouldBe(reads);

        // Reaching the limit is what the kernel reports; the rest comes without a further report.
        group.Usage = Limit;
        group.Crossed!();
        group.Usage = group.Anonymous = Limit + 1;
        time.Advance(TimeSpan.FromMilliseconds(50));
        exceeded.ShouldBe(1);
    }

    [Fact]
    public void Peak_is_read_again_only_when_the_kernels_mark_has_moved()
    {
        var group = new FakeGroup { Peak = 5, Anonymous = 4 };
        using var entry = watch.Watch(group, Limit, () => { });
        entry.ReadPeakBytes().ShouldBe(4);
        group.Anonymous = 9;
        entry.ReadPeakBytes().ShouldBe(4);
        group.Peak = 10;
        entry.ReadPeakBytes().ShouldBe(9);
        group.Peak = 11;
        group.Anonymous = 1;
        entry.ReadPeakBytes().ShouldBe(9);
    }

    private sealed class FakeGroup : ControlGroup
    {
        public long Usage { get; set; }

        public long Anonymous { get; set; }

        public long Peak { get; set; }

        public bool Notifies { get; init; }

        public int Reads { get; private set; }

        public Action? Crossed { get; private set; }

        public TaskCompletionSource Arranged { get; } = new();

        public override void Add(int process)
        {
        }

        public override TimeSpan? ReadProcessorTime() => null;

        public override void LimitProcessor(double cores)
        {
        }

        public override void Weigh(double cores)
        {
        }

        public override long ReadUsage()
        {
            Reads++;
            return Usage;
        }

        public override long ReadAnonymous() => Anonymous;

        public override long ReadPeakUsage() => Peak;

        public override bool HasKilledForMemory() => false;

        public override bool TryNotify(Reactor reactor, long threshold, Action crossed)
        {
            Crossed = crossed;
            Arranged.SetResult();
            return Notifies;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
