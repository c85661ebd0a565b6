using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class DemandHistoryTests
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    [Fact]
    public void Rise_from_no_call_is_an_idle_time_and_to_a_second_one_a_further()
    {
        var history = new DemandHistory(Settling);
        history.Rise(1, Minutes(0));
        history.Rise(2, Minutes(1));
        history.Fall(2, Minutes(2));
        history.Fall(1, Minutes(3));
        history.Rise(1, Minutes(10));
        history.Rise(2, Minutes(20));

        history.First.CountInRange.ShouldBe(1);
        history.First.CountOf(7).ShouldBe(1);
        history.Further.CountInRange.ShouldBe(1);
        history.Further.CountOf(18).ShouldBe(1);
    }

    [Fact]
    public void Rise_within_the_settling_time_leaves_no_trace()
    {
        var history = new DemandHistory(Settling);
        history.Rise(1, Minutes(0));
        history.Fall(1, Minutes(1));
        history.Rise(1, Minutes(1) + Settling);

        history.First.CountInRange.ShouldBe(0);
    }

    [Fact]
    public void IdleSince_is_the_end_of_the_last_call_while_none_runs()
    {
        var history = new DemandHistory(Settling);
        history.IdleSince.ShouldBeNull();
        history.Rise(1, Minutes(0));
        history.Rise(2, Minutes(0));
        history.Fall(2, Minutes(1));
        history.IdleSince.ShouldBeNull();
        history.Fall(1, Minutes(2));
        history.IdleSince.ShouldBe(Minutes(2));
        history.Rise(1, Minutes(3));
        history.IdleSince.ShouldBeNull();
    }

    [Fact]
    public void Levels_beyond_those_counted_are_ignored()
    {
        var history = new DemandHistory(Settling);
        for (var level = 1; level <= DemandHistory.LevelsMax + 5; level++)
        {
            history.Rise(level, Minutes(0));
        }

        for (var level = DemandHistory.LevelsMax + 5; level >= 1; level--)
        {
            history.Fall(level, Minutes(1));
        }

        for (var level = 1; level <= DemandHistory.LevelsMax + 5; level++)
        {
            history.Rise(level, Minutes(5));
        }

        history.First.CountInRange.ShouldBe(1);
        history.Further.CountInRange.ShouldBe(DemandHistory.LevelsMax - 1);
    }

    [Fact]
    public void A_history_takes_less_than_a_kilobyte()
    {
        DemandHistory.SerializedBytes.ShouldBeLessThan(512);
        var kept = new DemandHistory[100];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < kept.Length; index++)
        {
            kept[index] = new DemandHistory(Settling);
        }

        ((GC.GetAllocatedBytesForCurrentThread() - before) / kept.Length).ShouldBeLessThan(1024);
        var (last, first) = (kept[^1], GC.GetAllocatedBytesForCurrentThread());
        for (var minute = 0; minute < 10_000; minute += 2)
        {
            last.Rise(1, Minutes(minute));
            last.Fall(1, Minutes(minute + 1));
        }

        (GC.GetAllocatedBytesForCurrentThread() - first).ShouldBe(0, "calls take no memory");
    }

    [Fact]
    public void ToBytes_reads_back_the_same_and_anything_else_is_none()
    {
        var history = new DemandHistory(Settling);
        history.Rise(1, Minutes(0));
        history.Fall(1, Minutes(1));
        history.Rise(1, Minutes(9));

        var read = DemandHistory.FromBytes(history.ToBytes(), Settling)!;
        read.ToBytes().ShouldBe(history.ToBytes());
        read.First.CountOf(8).ShouldBe(1);
        DemandHistory.FromBytes(history.ToBytes().AsSpan(2), Settling).ShouldBeNull();
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
