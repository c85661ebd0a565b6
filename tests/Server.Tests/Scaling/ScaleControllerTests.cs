using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling.Control;
using Lambent.Sandbox.Pool;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Scaling;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Scaling;

public sealed class ScaleControllerTests : IAsyncDisposable
{
    private static readonly FunctionId Id = TestFunctions.Id("hello");
    private static readonly SourceKey Orders = new(Id, "queue", "orders");

    private readonly VirtualTime time = new();
    private readonly FunctionDirectory directory = new();
    private readonly HeldEnvironments environments;
    private readonly EnvironmentPool pool;
    private readonly ScaleController controller;
    private readonly Queue<(DateTimeOffset EndsAt, EnvironmentLease Lease)> running = new();

    public ScaleControllerTests()
    {
        environments = new HeldEnvironments(time);
        pool = new EnvironmentPool(
            environments, new PoolOptions { IdleTimeout = TimeSpan.FromSeconds(60), EnvironmentsMax = 50 }, time);
        var limiter = new ConcurrencyLimiter(directory, _ => 1_000, time);
        controller = new ScaleController(
            pool,
            directory,
            limiter,
            new ScaleControllerOptions { Cores = 16, FreeMegabytes = () => 10_000 },
            time);
    }

    public async ValueTask DisposeAsync()
    {
        controller.Dispose();
        await pool.DisposeAsync();
    }

    [Fact]
    public async Task Steady_calls_have_places_ready_and_the_decisions_can_be_made_again()
    {
        var specification = Announce();

        // 50 a second of 200 ms: ten at a time.
        await CallAsync(specification, seconds: 10, callsPerTenth: 5, TimeSpan.FromMilliseconds(200));

        var view = controller.Describe(Id.Account, "hello").ShouldHaveSingleItem();
        var decision = view.Last!.Decision;
        decision.RatePerSecond.ShouldBe(50, 3);
        decision.RateCalls.ShouldBe(10, 1);
        decision.Environments.ShouldBeInRange(10, 13);
        pool.Describe().Count.ShouldBe(decision.Environments);
        view.Records.Count.ShouldBeGreaterThan(1);
        view.Records.ShouldAllBe(record => record.Agrees());
        ScalingExplanation.Of(view.Last).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Call_that_finds_no_place_is_seen_soon_and_silence_is_left_to_keep_alive()
    {
        var specification = Announce();

        var lease = await pool.AcquireAsync(specification);
        controller.Describe(Id.Account, "hello").ShouldBeEmpty();
        time.Advance(TimeSpan.FromMilliseconds(100));
        controller.Describe(Id.Account, "hello").ShouldHaveSingleItem().Last!.Decision.Environments.ShouldBe(1);

        lease.Environment!.Release(TimeSpan.FromMilliseconds(50));
        time.Advance(TimeSpan.FromSeconds(50));
        var last = controller.Describe(Id.Account, "hello").ShouldHaveSingleItem().Last!;
        last.Decision.Environments.ShouldBe(0);

        time.Advance(TimeSpan.FromSeconds(60));
        pool.Describe().ShouldBeEmpty("the keep-alive time is over");
        controller.Describe(Id.Account, "hello").ShouldHaveSingleItem().Last!.At.ShouldBe(last.At);
    }

    [Fact]
    public void Backlog_gets_calls_and_environments_at_once()
    {
        Announce();

        var target = controller.TargetFor(Orders, new SourceLoad(60, TimeSpan.Zero, Taken: 0, InFlight: 0));

        // Nothing is known of the function: a second a message, to be done in three.
        target.ShouldBe(20);
        pool.Describe().Count.ShouldBe(20);
        var view = controller.Describe(Id.Account, "orders").ShouldHaveSingleItem();
        view.Source.ShouldBe(Orders);
        view.Last!.Decision.Reason.ShouldBe(ScalingReason.Backlog);
        view.Records.ShouldAllBe(record => record.Agrees());
        controller.Describe(TestFunctions.Id("hello", "111122223333").Account, "orders").ShouldBeEmpty();
    }

    [Fact]
    public void Source_that_no_longer_asks_wants_nothing_any_more()
    {
        Announce();
        controller.TargetFor(Orders, new SourceLoad(60, TimeSpan.Zero, Taken: 0, InFlight: 0));
        pool.Describe().Count.ShouldBe(20);

        time.Advance(TimeSpan.FromMinutes(3));

        pool.Describe().ShouldBeEmpty("keep-alive ended them, and nobody started others");
    }

    [Fact]
    public void Limits_are_kept_and_named()
    {
        Announce(reserved: 7);

        controller.TargetFor(Orders, new SourceLoad(2_000, TimeSpan.Zero, 0, 0)).ShouldBe(7);
        Last().Limit.ShouldBe(ScalingLimit.Reserved);
        controller.TargetFor(Orders, new SourceLoad(2_000, TimeSpan.Zero, 0, 0, ConcurrencyMax: 2)).ShouldBe(2);
        Last().Limit.ShouldBe(ScalingLimit.Source);
        pool.Describe().Count.ShouldBe(7);

        Announce();
        controller.TargetFor(Orders, new SourceLoad(2_000, TimeSpan.Zero, 0, 0)).ShouldBe(50);
        Last().Limit.ShouldBe(ScalingLimit.NodeEnvironments);
        ScalingExplanation.Of(controller.Describe(Id.Account, "orders")[0].Last!)
            .ShouldContain(sentence => sentence.Contains("the node has room for 50 environments"));
    }

    [Fact]
    public void Unknown_function_or_version_gets_nothing()
    {
        controller.TargetFor(Orders, new SourceLoad(5, TimeSpan.Zero, 0, 0)).ShouldBe(0);
        Announce();
        controller.TargetFor(Orders, new SourceLoad(5, TimeSpan.Zero, 0, 0, Qualifier: "9")).ShouldBe(0);
        controller.Describe(Id.Account, "hello").ShouldBeEmpty();
    }

    [Fact]
    public void Failing_starts_are_not_repeated_each_second()
    {
        Announce();
        environments.Failures["$LATEST"] = """{"errorType":"ImportError","errorMessage":"no"}""";

        for (var second = 0; second < 20; second++)
        {
            controller.TargetFor(Orders, new SourceLoad(10, TimeSpan.FromSeconds(second), 0, 0));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        environments.Started("$LATEST").ShouldBeLessThan(5);
    }

    [Fact]
    public void Deleted_function_and_forgotten_source_leave_nothing()
    {
        Announce();
        controller.TargetFor(Orders, new SourceLoad(5, TimeSpan.Zero, 0, 0));
        controller.TargetFor(Orders with { Name = "mails" }, new SourceLoad(5, TimeSpan.Zero, 0, 0));

        controller.Forget(Orders);
        controller.Describe(Id.Account, "hello").ShouldHaveSingleItem().Source!.Value.Name.ShouldBe("mails");
        directory.Announce(Id, long.MaxValue, null);
        controller.Describe(Id.Account, "hello").ShouldBeEmpty();
    }

    [Fact]
    public void Log_keeps_changes_and_samples_within_its_bound()
    {
        var log = new DecisionLog();
        for (var second = 0; second < 10_000; second++)
        {
            log.Add(time.GetUtcNow(), new ScalingDecision { Concurrency = second < 5 ? second : 5 });
            time.Advance(TimeSpan.FromSeconds(1));
        }

        log.Records.Count.ShouldBe(DecisionLog.RecordsMax);
        log.Last!.At.ShouldBe(time.GetUtcNow().AddSeconds(-1));
        log.Records.Zip(log.Records.Skip(1)).ShouldAllBe(pair => pair.Second.At - pair.First.At
            == TimeSpan.FromSeconds(10));
    }

    private ScalingDecision Last() => controller.Describe(Id.Account, "orders")[0].Last!.Decision;

    private EnvironmentSpecification Announce(int? reserved = null) =>
        TestFunctions.Announce(directory, TestFunctions.Create(Id, reserved), time.GetTimestamp())
            .Route(null, 0)!;

    private async Task CallAsync(
        EnvironmentSpecification specification, int seconds, int callsPerTenth, TimeSpan duration)
    {
        for (var tenth = 0; tenth < 10 * seconds; tenth++)
        {
            for (var call = 0; call < callsPerTenth; call++)
            {
                running.Enqueue((time.GetUtcNow() + duration, await pool.AcquireAsync(specification)));
            }

            time.Advance(TimeSpan.FromMilliseconds(100));
            while (running.TryPeek(out var first) && first.EndsAt <= time.GetUtcNow())
            {
                running.Dequeue().Lease.Environment!.Release(duration);
            }
        }
    }
}
