using Lambent.Kernel;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>Nothing runs indefinitely, and its end costs no call anything.</summary>
public sealed class CyclingTests
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(25);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Constant_traffic_sees_no_cold_start_no_failure_and_no_old_environment(int callsAtOnce)
    {
        await using var timed = new TimedPool(predicts: true, ageMax: AgeMax, sweepPeriod: Sweep);
        HashSet<string> seen = [];
        var end = timed.Time.GetUtcNow() + TimeSpan.FromMinutes(2);
        for (var round = 0; timed.Time.GetUtcNow() < end; round++)
        {
            List<EnvironmentLease> leases = [];
            for (var call = 0; call < callsAtOnce; call++)
            {
                leases.Add(await timed.Pool.AcquireAsync(timed.Specification));
            }

            leases.ShouldAllBe(lease => lease.Environment != null);
            leases.ShouldAllBe(lease => lease.IsCold == (round == 0));
            leases.ShouldAllBe(lease => timed.Time.GetUtcNow() - lease.Environment!.StartedAt <= AgeMax);
            seen.UnionWith(leases.Select(lease => lease.Environment!.Id));
            timed.Time.Advance(TimeSpan.FromMilliseconds(90));
            leases.ForEach(lease => lease.Environment!.Release(TimeSpan.FromMilliseconds(90)));
            timed.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        seen.Count.ShouldBeInRange(4 * callsAtOnce, 6 * callsAtOnce);
        timed.EnvironmentCount.ShouldBe(callsAtOnce);
    }

    [Fact]
    public async Task Ages_are_spread_so_that_not_all_end_at_once()
    {
        await using var timed = new TimedPool(ageMax: TimeSpan.FromHours(6));
        var leases = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => timed.Pool.AcquireAsync(timed.Specification).AsTask()));

        var ends = leases.Select(lease => lease.Environment!.TooOldFromTimestamp).ToList();
        ends.Distinct().Count().ShouldBe(20);
        TimeSpan.FromTicks(ends.Max() - ends.Min()).ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
        TimeSpan.FromTicks(ends.Max()).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(6));
    }

    [Fact]
    public async Task Busy_environment_that_is_too_old_ends_its_call_first()
    {
        await using var timed = new TimedPool(ageMax: AgeMax, sweepPeriod: Sweep);
        var lease = await timed.Pool.AcquireAsync(timed.Specification);
        timed.Time.Advance(AgeMax);

        lease.Environment!.Closed.IsCompleted.ShouldBeFalse();
        (await timed.Pool.AcquireAsync(timed.Specification)).Environment.ShouldNotBeSameAs(lease.Environment);
        lease.Environment.Release(AgeMax);
        await lease.Environment.Closed;
    }

    [Fact]
    public async Task Replacement_gives_an_environment_that_nobody_calls_no_more_time()
    {
        await using var timed = new TimedPool(idle: TimeSpan.FromMinutes(1), ageMax: AgeMax, sweepPeriod: Sweep);
        await timed.CallAsync();

        timed.Time.Advance(TimeSpan.FromSeconds(40));
        timed.EnvironmentCount.ShouldBe(1);
        timed.Starter.StartCount.ShouldBe(2);
        timed.Time.Advance(TimeSpan.FromSeconds(21));
        timed.EnvironmentCount.ShouldBe(0);
    }

    [Fact]
    public async Task Replacement_that_does_not_start_is_tried_again_and_the_old_one_ends_in_time()
    {
        await using var timed = new TimedPool(ageMax: AgeMax, sweepPeriod: Sweep);
        var lease = await timed.CallAsync();
        timed.Starter.Failure = new Error(ErrorCode.EnvironmentStartFailed, "no");
        timed.Time.Advance(AgeMax);

        lease.Environment!.Retired.ShouldBeTrue();
        timed.Starter.StartCount.ShouldBeInRange(3, 10);
        timed.Starter.Failure = null;
        (await timed.CallAsync()).IsCold.ShouldBeTrue();
    }
}
