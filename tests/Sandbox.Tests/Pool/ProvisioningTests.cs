using Lambent.Kernel;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>A minimum of environments that is there whatever the idle policy says.</summary>
public sealed class ProvisioningTests
{
    [Fact]
    public async Task Provision_starts_them_ahead_and_first_calls_are_not_cold()
    {
        await using var timed = new TimedPool();
        timed.Pool.Provision(timed.Specification, 5);
        timed.Pool.DescribeProvisioned(timed.Specification).ShouldBe(new ProvisionedStatus(5, 5, null));

        List<EnvironmentLease> leases = [];
        for (var call = 0; call < 6; call++)
        {
            leases.Add(await timed.Pool.AcquireAsync(timed.Specification));
        }

        leases.Take(5).ShouldAllBe(lease => !lease.IsCold && lease.Use == EnvironmentUse.Provisioned);
        leases[5].Use.ShouldBe(EnvironmentUse.SpillOver);
        leases[5].IsCold.ShouldBeTrue();
        timed.Pool.DescribeProvisioned(timed.Specification).ShouldBe(new ProvisionedStatus(5, 5, null));
    }

    [Fact]
    public async Task Calls_prefer_provisioned_environments()
    {
        await using var timed = new TimedPool();
        (await timed.CallAsync()).Use.ShouldBe(EnvironmentUse.OnDemand);
        timed.Pool.Provision(timed.Specification, 1);
        var provisioned = await timed.Pool.AcquireAsync(timed.Specification);
        var spilled = await timed.CallAsync();
        provisioned.Environment!.Release(TimeSpan.FromSeconds(1));

        (await timed.CallAsync()).Environment.ShouldBeSameAs(provisioned.Environment);
        (await timed.CallAsync()).Use.ShouldBe(EnvironmentUse.Provisioned);
        spilled.Use.ShouldBe(EnvironmentUse.SpillOver);
    }

    [Fact]
    public async Task Idle_policy_stops_the_others_only()
    {
        await using var timed = new TimedPool(predicts: true);
        timed.Pool.Provision(timed.Specification, 2);
        var leases = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => timed.Pool.AcquireAsync(timed.Specification).AsTask()));
        foreach (var lease in leases)
        {
            lease.Environment!.Release(TimeSpan.FromSeconds(1));
        }

        timed.Time.Advance(TimeSpan.FromHours(5));
        timed.EnvironmentCount.ShouldBe(2);
        (await timed.CallAsync()).Use.ShouldBe(EnvironmentUse.Provisioned);
    }

    [Fact]
    public async Task Environment_that_ends_is_started_again()
    {
        await using var timed = new TimedPool();
        timed.Pool.Provision(timed.Specification, 1);
        timed.Starter.Channels.Single().Close();

        timed.Time.Advance(TimeSpan.FromSeconds(2));
        timed.Pool.DescribeProvisioned(timed.Specification).ShouldBe(new ProvisionedStatus(1, 1, null));
        timed.Starter.StartCount.ShouldBe(2);
        (await timed.CallAsync()).IsCold.ShouldBeFalse();
    }

    [Fact]
    public async Task Start_that_fails_is_tried_later_and_later_and_says_why()
    {
        await using var timed = new TimedPool();
        timed.Starter.Failure = new Error(ErrorCode.EnvironmentStartFailed, "no such interpreter");
        timed.Pool.Provision(timed.Specification, 1);
        timed.Pool.DescribeProvisioned(timed.Specification)
            .ShouldBe(new ProvisionedStatus(0, 0, "start: no such interpreter"));

        timed.Time.Advance(TimeSpan.FromMinutes(10));
        timed.Starter.StartCount.ShouldBeInRange(10, 18);
        timed.Starter.Failure = null;
        timed.Time.Advance(TimeSpan.FromMinutes(2));
        timed.Pool.DescribeProvisioned(timed.Specification).ShouldBe(new ProvisionedStatus(1, 1, null));
    }

    [Fact]
    public async Task Failing_provisioned_start_gives_a_waiting_call_a_start_of_its_own()
    {
        var starter = new FakeStarter();
        var time = new ManualTime();
        await using var pool = new EnvironmentPool(
            starter,
            new PoolOptions { IdleTimeout = TimeSpan.FromHours(1), EnvironmentsMax = 10 },
            time);
        var specification = Specifications.Create();
        pool.Provision(specification, 1);
        var call = pool.AcquireAsync(specification).AsTask();
        starter.Starting.TryDequeue(out var provisioned).ShouldBeTrue();
        provisioned.SetResult(new StartedEnvironment(null, Error: new Error(ErrorCode.Internal, "no")));

        TaskCompletionSource<StartedEnvironment>? own = null;
        SpinWait.SpinUntil(() => starter.Starting.TryDequeue(out own), TimeSpan.FromSeconds(30)).ShouldBeTrue();
        own!.SetResult(starter.Ready(specification));
        (await call).Use.ShouldBe(EnvironmentUse.SpillOver);
    }

    [Fact]
    public async Task Full_node_stops_others_to_make_room()
    {
        await using var timed = new TimedPool(environmentsMax: 2, capacityWait: TimeSpan.FromSeconds(30));
        timed.Pool.Provision(timed.Specification, 1);
        var other = await timed.CallAsync(Specifications.Create());

        (await timed.Pool.AcquireAsync(Specifications.Create())).Environment.ShouldNotBeNull();
        await other.Environment!.Closed;
        timed.Pool.DescribeProvisioned(timed.Specification).Available.ShouldBe(1);
    }

    [Fact]
    public async Task Full_node_does_not_stop_them_to_make_room()
    {
        await using var timed = new TimedPool(environmentsMax: 1);
        timed.Pool.Provision(timed.Specification, 1);

        (await timed.Pool.AcquireAsync(Specifications.Create())).Error.ShouldNotBeNull();
        timed.Pool.DescribeProvisioned(timed.Specification).Available.ShouldBe(1);
    }

    [Fact]
    public async Task Old_ones_are_replaced_before_they_end()
    {
        await using var timed = new TimedPool(ageMax: TimeSpan.FromSeconds(30));
        timed.Pool.Provision(timed.Specification, 3);
        for (var second = 0; second < 120; second++)
        {
            timed.Time.Advance(TimeSpan.FromSeconds(1));
            timed.Pool.DescribeProvisioned(timed.Specification).Available.ShouldBe(3);
        }

        timed.Starter.StartCount.ShouldBeInRange(12, 18);
        timed.EnvironmentCount.ShouldBe(3);
    }

    [Fact]
    public async Task Provision_nothing_lets_go_and_less_keeps_less()
    {
        await using var timed = new TimedPool();
        timed.Pool.Provision(timed.Specification, 3);
        timed.Pool.Provision(timed.Specification, 1);
        timed.Time.Advance(TimeSpan.FromMinutes(11));
        timed.EnvironmentCount.ShouldBe(1);

        timed.Pool.Provision(timed.Specification, 0);
        timed.Time.Advance(TimeSpan.FromMinutes(11));
        timed.EnvironmentCount.ShouldBe(0);
        timed.Pool.DescribeProvisioned(timed.Specification).ShouldBe(new ProvisionedStatus(0, 0, null));
    }

    [Fact]
    public async Task Retired_version_is_not_provisioned_any_more()
    {
        await using var timed = new TimedPool();
        timed.Pool.Provision(timed.Specification, 2);
        timed.Pool.Retire(_ => false);
        timed.Time.Advance(TimeSpan.FromMinutes(1));

        timed.EnvironmentCount.ShouldBe(0);
        timed.Starter.StartCount.ShouldBe(2);
    }

    [Fact]
    public void Provision_less_than_nothing_is_a_mistake_of_the_caller() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TimedPool().Pool.Provision(Specifications.Create(), -1));
}
