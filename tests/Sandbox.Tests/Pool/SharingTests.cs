using Lambent.Kernel.Environments;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>How many calls share an environment follows from what they are measured to use.</summary>
public sealed class SharingTests
{
    private const int Concurrency = 16;
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan CallDuration = TimeSpan.FromMilliseconds(500);

    private readonly EnvironmentSpecification specification = Specifications.Create(concurrency: Concurrency);

    [Fact]
    public async Task Handler_that_waits_shares_two_environments()
    {
        await using var timed = Create(cores: 0.02);
        (await LoadAsync(timed, calls: 32, rounds: 20)).ShouldBe(2);
    }

    [Fact]
    public async Task Handler_that_computes_is_spread_to_one_call_for_each_environment()
    {
        await using var timed = Create(cores: 1);
        (await LoadAsync(timed, calls: 12, rounds: 40)).ShouldBe(12);
    }

    [Fact]
    public async Task Handler_that_cannot_be_measured_shares_as_its_owner_allows()
    {
        await using var timed = Create(cores: null);
        (await LoadAsync(timed, calls: 32, rounds: 20)).ShouldBe(2);
    }

    [Fact]
    public async Task Full_node_lets_calls_share_rather_than_refusing_them()
    {
        await using var timed = Create(cores: 1, environmentsMax: 3);
        (await LoadAsync(timed, calls: 12, rounds: 40)).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Call_that_ends_where_there_are_too_many_leaves_its_place_empty()
    {
        await using var timed = Create(cores: 1);
        List<EnvironmentLease> leases = [];
        for (var call = 0; call < Concurrency; call++)
        {
            leases.Add(await timed.Pool.AcquireAsync(specification));
        }

        timed.Time.Advance(TimeSpan.FromSeconds(10));
        leases[0].Environment!.Release(CallDuration);
        var next = await timed.Pool.AcquireAsync(specification);
        next.Environment.ShouldNotBeNull().ShouldNotBeSameAs(leases[0].Environment);
    }

    private static TimedPool Create(double? cores, int environmentsMax = 100)
    {
        var timed = new TimedPool(sweepPeriod: Sweep, environmentsMax: environmentsMax);
        timed.Starter.ProcessorUse = () => cores is { } used
            ? new ProcessorUse(used * (timed.Time.GetUtcNow() - DateTimeOffset.UnixEpoch), TimeSpan.Zero)
            : null;
        return timed;
    }

    /// <summary>So many callers, each of whom calls again when it was answered.</summary>
    /// <returns>Environments that had a call in the last round.</returns>
    private async Task<int> LoadAsync(TimedPool timed, int calls, int rounds)
    {
        HashSet<ExecutionEnvironment> used = [];
        for (var round = 0; round < rounds; round++)
        {
            used.Clear();
            List<EnvironmentLease> leases = [];
            for (var call = 0; call < calls; call++)
            {
                var lease = await timed.Pool.AcquireAsync(specification);
                used.Add(lease.Environment.ShouldNotBeNull());
                leases.Add(lease);
            }

            timed.Time.Advance(CallDuration);
            leases.ForEach(lease => lease.Environment!.Release(CallDuration));
        }

        return used.Count;
    }
}
