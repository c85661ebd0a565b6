using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

public sealed class EnvironmentPoolTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(200);

    [Fact]
    public async Task Acquire_first_call_starts_one_and_is_cold()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var lease = await pool.AcquireAsync(Specifications.Create());

        lease.IsCold.ShouldBeTrue();
        lease.Environment.ShouldNotBeNull();
        starter.StartCount.ShouldBe(1);
    }

    [Fact]
    public async Task Acquire_after_release_takes_the_same_environment_warm()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var first = await pool.AcquireAsync(specification);
        first.Environment!.Release(Long);
        var second = await pool.AcquireAsync(specification);

        second.Environment.ShouldBeSameAs(first.Environment);
        second.IsCold.ShouldBeFalse();
    }

    [Fact]
    public async Task Acquire_long_calls_get_an_environment_each()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var leases = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => pool.AcquireAsync(specification).AsTask()));

        leases.Select(lease => lease.Environment).Distinct().Count().ShouldBe(50);
    }

    [Fact]
    public async Task Acquire_waiting_call_takes_what_becomes_free_first()
    {
        var starter = new FakeStarter();
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var first = pool.AcquireAsync(specification).AsTask();
        Next(starter).SetResult(starter.Ready(specification));
        var environment = (await first).Environment!;
        var second = pool.AcquireAsync(specification).AsTask();
        second.IsCompleted.ShouldBeFalse("a second environment is on its way");

        environment.Release(Long);
        (await second).Environment.ShouldBeSameAs(environment);
    }

    [Fact]
    public async Task Acquire_start_that_nobody_waits_for_any_more_is_not_begun()
    {
        var starter = new FakeStarter();
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var calls = Enumerable.Range(0, 4).Select(_ => pool.AcquireAsync(specification).AsTask()).ToList();
        var starts = Enumerable.Range(0, 4).Select(_ => Next(starter)).ToList();
        var wanted = starter.Wanted.ToList();
        starts[0].SetResult(starter.Ready(specification));
        var environment = (await calls[0]).Environment!;
        environment.Release(Long);
        environment = (await calls[1]).Environment!;

        // Two calls wait, three starts are on their way: the next one to get its turn is one too many.
        wanted[1]().ShouldBeFalse();
        starts[1].SetResult(StartedEnvironment.NotWanted);
        wanted[2]().ShouldBeTrue();
        environment.Release(Long);
        environment = (await calls[2]).Environment!;
        wanted[3]().ShouldBeFalse();
        starts[3].SetResult(StartedEnvironment.NotWanted);

        // The last call keeps the start that was begun.
        starts[2].SetResult(starter.Ready(specification));
        (await calls[3]).Environment.ShouldNotBeSameAs(environment);
        pool.Describe().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Acquire_with_concurrency_shares_one_environment_up_to_its_limit()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create(concurrency: 4);
        var first = await pool.AcquireAsync(specification);
        var others = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => pool.AcquireAsync(specification).AsTask()));
        var fifth = await pool.AcquireAsync(specification);

        others.ShouldAllBe(lease => lease.Environment == first.Environment);
        fifth.Environment.ShouldNotBeSameAs(first.Environment);
    }

    [Fact]
    public async Task Acquire_failed_start_tells_the_caller_and_the_next_call_tries_again()
    {
        var starter = new FakeStarter();
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var failing = pool.AcquireAsync(specification).AsTask();
        Next(starter).SetResult(new StartedEnvironment(
            null, InvocationOutcome.Owned(OutcomeKind.InitializationError, "{}"u8.ToArray())));
        (await failing).StartOutcome!.Kind.ShouldBe(OutcomeKind.InitializationError);

        var again = pool.AcquireAsync(specification).AsTask();
        Next(starter).SetResult(starter.Ready(specification));
        (await again).Environment.ShouldNotBeNull();
    }

    [Fact]
    public async Task Acquire_short_calls_wait_for_hot_environments()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var processors = Math.Max(2, Environment.ProcessorCount);
        var hot = await Task.WhenAll(
            Enumerable.Range(0, processors).Select(_ => pool.AcquireAsync(specification).AsTask()));
        foreach (var lease in hot)
        {
            lease.Environment!.Release(Short);
        }

        for (var index = 0; index < processors; index++)
        {
            (await pool.AcquireAsync(specification)).IsCold.ShouldBeFalse();
        }

        var waiting = pool.AcquireAsync(specification).AsTask();
        starter.StartCount.ShouldBe(processors, "a short call waits instead of starting another environment");
        hot[0].Environment!.Release(Short);
        (await waiting).Environment.ShouldBeSameAs(hot[0].Environment);
    }

    [Fact]
    public async Task Acquire_waiting_short_call_runs_out_of_patience_when_nothing_becomes_free()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var processors = Math.Max(2, Environment.ProcessorCount);
        for (var index = 0; index < processors; index++)
        {
            (await pool.AcquireAsync(specification)).Environment!.Release(Short);
        }

        var busy = await Task.WhenAll(
            Enumerable.Range(0, processors).Select(_ => pool.AcquireAsync(specification).AsTask()));
        var waiting = await pool.AcquireAsync(specification);

        busy.ShouldAllBe(lease => lease.Environment != waiting.Environment);
    }

    [Fact]
    public async Task Closed_environment_is_never_given_out()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var first = await pool.AcquireAsync(specification);
        first.Environment!.Release(Long);
        starter.Channels.Single().Close();

        (await pool.AcquireAsync(specification)).Environment.ShouldNotBeSameAs(first.Environment);
    }

    [Fact]
    public async Task Retire_stops_idle_ones_now_and_busy_ones_after_their_call()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create();
        var busy = await pool.AcquireAsync(specification);
        var idle = await pool.AcquireAsync(specification);
        idle.Environment!.Release(Long);

        pool.Retire(_ => false);
        await idle.Environment.Closed;
        busy.Environment!.Closed.IsCompleted.ShouldBeFalse();
        busy.Environment.Release(Long);
        await busy.Environment.Closed;
    }

    [Fact]
    public async Task Idle_environments_stop_after_their_time()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter, idle: TimeSpan.FromMilliseconds(1));
        var lease = await pool.AcquireAsync(Specifications.Create());
        lease.Environment!.Release(Long);

        await lease.Environment.Closed.WaitAsync(TimeSpan.FromSeconds(30));
        pool.Describe().ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_environments_take_no_new_calls()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter, ageMax: TimeSpan.FromMilliseconds(1));
        var lease = await pool.AcquireAsync(Specifications.Create());
        lease.Environment!.Release(Long);

        await lease.Environment.Closed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Full_node_makes_room_by_stopping_the_longest_idle()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter, environmentsMax: 2);
        var one = await pool.AcquireAsync(Specifications.Create());
        var two = await pool.AcquireAsync(Specifications.Create());
        one.Environment!.Release(Long);
        two.Environment!.Release(Long);

        (await pool.AcquireAsync(Specifications.Create())).Environment.ShouldNotBeNull();
        await one.Environment.Closed;
        two.Environment.Closed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Full_node_of_busy_environments_refuses_by_name()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter, environmentsMax: 1, capacityWait: TimeSpan.FromMilliseconds(1));
        await pool.AcquireAsync(Specifications.Create());

        var refused = await pool.AcquireAsync(Specifications.Create());
        refused.Error!.Code.ShouldBe(ErrorCode.AccountConcurrencyExceeded);
    }

    [Fact]
    public async Task Many_callers_at_once_never_exceed_the_concurrency_of_an_environment()
    {
        var starter = new FakeStarter { Immediate = true };
        await using var pool = Create(starter);
        var specification = Specifications.Create(concurrency: 3);
        var inside = new System.Collections.Concurrent.ConcurrentDictionary<ExecutionEnvironment, int>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var round = 0; round < 500; round++)
            {
                var environment = (await pool.AcquireAsync(specification)).Environment!;
                inside.AddOrUpdate(environment, 1, (_, count) => count + 1).ShouldBeLessThanOrEqualTo(3);
                await Task.Yield();
                inside.AddOrUpdate(environment, 0, (_, count) => count - 1);
                environment.Release(caller % 2 == 0 ? Short : Long);
            }
        })));

        inside.Values.ShouldAllBe(count => count == 0);
    }

    private static TaskCompletionSource<StartedEnvironment> Next(FakeStarter starter)
    {
        TaskCompletionSource<StartedEnvironment>? start = null;
        SpinWait.SpinUntil(() => starter.Starting.TryDequeue(out start), TimeSpan.FromSeconds(30)).ShouldBeTrue();
        return start!;
    }

    private static EnvironmentPool Create(
        FakeStarter starter,
        TimeSpan? idle = null,
        TimeSpan? ageMax = null,
        int environmentsMax = 100,
        TimeSpan? capacityWait = null) => new(
            starter,
            new PoolOptions
            {
                IdleTimeout = idle ?? TimeSpan.FromHours(1),
                AgeMax = ageMax ?? TimeSpan.FromHours(1),
                EnvironmentsMax = environmentsMax,
                CapacityWait = capacityWait ?? TimeSpan.FromSeconds(30),
                SweepPeriod = TimeSpan.FromMilliseconds(5),
            },
            TimeProvider.System);
}
