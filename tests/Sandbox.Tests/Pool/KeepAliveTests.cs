using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>Idle environments are kept, stopped and started ahead as the history of their function says.</summary>
public sealed class KeepAliveTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Nothing_known_keeps_the_fixed_time()
    {
        await using var timed = new TimedPool(predicts: true);
        await timed.CallAsync();

        timed.Time.Advance(TimeSpan.FromMinutes(9));
        timed.EnvironmentCount.ShouldBe(1);
        timed.Time.Advance(TimeSpan.FromMinutes(2));
        timed.EnvironmentCount.ShouldBe(0);
    }

    [Fact]
    public async Task Hourly_calls_find_an_environment_that_was_started_ahead()
    {
        await using var timed = new TimedPool(predicts: true);
        await LearnHourlyAsync(timed);

        timed.Time.Advance(TimeSpan.FromMinutes(5));
        timed.EnvironmentCount.ShouldBe(0, "it is not kept for the hour");
        timed.Time.Advance(TimeSpan.FromMinutes(54.9));
        timed.EnvironmentCount.ShouldBe(1, "one is started ahead");
        (await timed.CallAsync()).IsCold.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_learnt_is_known_to_the_pool_of_the_next_start()
    {
        IReadOnlyList<RememberedDemand> remembered;
        await using (var before = new TimedPool(predicts: true))
        {
            await LearnHourlyAsync(before);
            remembered = before.Pool.ReadHistories();
        }

        await using var timed = new TimedPool(predicts: true);
        timed.Pool.Restore(remembered);
        timed.Pool.ReadHistories().ShouldHaveSingleItem().History.ShouldBe(remembered[0].History);
        await timed.CallAsync();
        timed.Time.Advance(TimeSpan.FromMinutes(5));
        timed.EnvironmentCount.ShouldBe(0, "it is not kept for the hour");
        timed.Time.Advance(TimeSpan.FromMinutes(54.9));
        timed.EnvironmentCount.ShouldBe(1, "one is started ahead");
    }

    [Fact]
    public async Task Deleted_function_leaves_no_history()
    {
        await using var timed = new TimedPool(predicts: true);
        await LearnHourlyAsync(timed);
        timed.Pool.ForgetHistory(timed.Specification.Function);
        timed.Pool.ReadHistories().ShouldBeEmpty();
        timed.Pool.Restore([new RememberedDemand(timed.Specification.Function, "1", [1, 2, 3])]);
        timed.Pool.ReadHistories().ShouldBeEmpty("what cannot be read is not taken");
    }

    [Fact]
    public async Task Expected_call_that_does_not_come_lets_the_environment_stop()
    {
        await using var timed = new TimedPool(predicts: true);
        await LearnHourlyAsync(timed);
        var starts = timed.Starter.StartCount;

        timed.Time.Advance(Hour * 4);
        timed.EnvironmentCount.ShouldBe(0);
        timed.Starter.StartCount.ShouldBe(starts + 1, "it is expected once");
    }

    [Fact]
    public async Task Call_before_the_expected_time_makes_the_expectation_void()
    {
        await using var timed = new TimedPool(predicts: true);
        await LearnHourlyAsync(timed);
        timed.Time.Advance(TimeSpan.FromMinutes(45));
        (await timed.CallAsync()).IsCold.ShouldBeTrue();
        var starts = timed.Starter.StartCount;

        timed.Time.Advance(TimeSpan.FromMinutes(20));
        timed.Starter.StartCount.ShouldBe(starts, "a quarter of an hour after the last call none is expected");
    }

    [Fact]
    public async Task Full_node_starts_nothing_ahead_and_stops_nothing_for_it()
    {
        await using var timed = new TimedPool(
            predicts: true, environmentsMax: 1, capacityWait: TimeSpan.FromSeconds(30));
        await LearnHourlyAsync(timed);
        timed.Time.Advance(TimeSpan.FromMinutes(50));
        var other = await timed.Pool.AcquireAsync(Specifications.Create());

        timed.Time.Advance(TimeSpan.FromMinutes(9));
        timed.Starter.Channels.Count(channel => !channel.Disposed).ShouldBe(1);
        other.Environment!.Closed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_expected_at_once_are_started_a_few_at_a_time()
    {
        var time = new ManualTime();
        var starter = new FakeStarter { Immediate = true, Inline = true, Time = time };
        await using var timed = new TimedPool(predicts: true, starter: starter, time: time);
        var functions = Enumerable.Range(0, 20).Select(index => Named($"hourly-{index}")).ToList();
        for (var hour = 0; hour < 6; hour++)
        {
            foreach (var function in functions)
            {
                await timed.CallAsync(function);
            }

            time.Advance(hour < 5 ? Hour - TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(5));
        }

        starter.Immediate = false;
        time.Advance(TimeSpan.FromMinutes(54));
        starter.Starting.Count.ShouldBe(Math.Max(2, Environment.ProcessorCount));
        starter.Immediate = true;
        while (starter.Starting.TryDequeue(out var start))
        {
            start.SetResult(starter.Ready(functions[0]));
        }
    }

    [Fact]
    public async Task Retired_version_is_not_started_ahead()
    {
        await using var timed = new TimedPool(predicts: true);
        await LearnHourlyAsync(timed);
        timed.Time.Advance(TimeSpan.FromMinutes(5));
        timed.Pool.Retire(_ => false);
        var starts = timed.Starter.StartCount;

        timed.Time.Advance(Hour * 2);
        timed.Starter.StartCount.ShouldBe(starts);
    }

    [Fact]
    public async Task Changed_function_keeps_its_history()
    {
        await using var timed = new TimedPool(predicts: true);
        await LearnHourlyAsync(timed);
        var changed = Specifications.Create();
        timed.Pool.Retire(_ => false);
        timed.Time.Advance(Hour);
        (await timed.CallAsync(changed)).IsCold.ShouldBeTrue();

        timed.Time.Advance(TimeSpan.FromMinutes(59.9));
        (await timed.CallAsync(changed)).IsCold.ShouldBeFalse();
    }

    [Fact]
    public async Task Calls_every_twenty_minutes_of_a_small_function_are_warm_once_known()
    {
        await using var timed = new TimedPool(predicts: true);
        List<bool> cold = [];
        for (var call = 0; call < 10; call++)
        {
            cold.Add((await timed.CallAsync()).IsCold);
            timed.Time.Advance(TimeSpan.FromMinutes(20));
        }

        cold.Skip(5).ShouldAllBe(isCold => !isCold);
    }

    [Fact]
    public async Task Fixed_time_predicts_nothing()
    {
        await using var timed = new TimedPool(predicts: false);
        await LearnHourlyAsync(timed);

        timed.Time.Advance(TimeSpan.FromMinutes(59.9));
        (await timed.CallAsync()).IsCold.ShouldBeTrue();
    }

    [Fact]
    public void Histories_are_bounded_and_the_one_unused_longest_makes_room()
    {
        var histories = new DemandHistories(TimeSpan.FromSeconds(30), countMax: 2);
        var (one, two, three) = (Named("one"), Named("two"), Named("three"));
        var kept = histories.Of(one);
        var lost = histories.Of(two);
        histories.Of(one).ShouldBeSameAs(kept);
        histories.Of(three);

        histories.Count.ShouldBe(2);
        histories.Of(one).ShouldBeSameAs(kept);
        histories.Of(two).ShouldNotBeSameAs(lost);
    }

    private static Kernel.Environments.EnvironmentSpecification Named(string name) => Specifications.Create(name: name);

    private static async Task LearnHourlyAsync(TimedPool timed)
    {
        for (var call = 0; call < 6; call++)
        {
            await timed.CallAsync();
            if (call < 5)
            {
                timed.Time.Advance(Hour - TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
