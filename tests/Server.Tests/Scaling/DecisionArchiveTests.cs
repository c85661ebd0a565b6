using System.Diagnostics;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling.Control;
using Lambent.Sandbox.Pool;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Scaling;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Scaling;

/// <summary>What was decided, across servers that start and end on one file.</summary>
public sealed class DecisionArchiveTests : IDisposable
{
    private static readonly FunctionId Id = TestFunctions.Id("hello");
    private static readonly SourceKey Orders = new(Id, "queue", "orders");

    private readonly string folder = Directory.CreateTempSubdirectory("lambent-decisions-").FullName;
    private readonly VirtualTime time = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Why_is_answered_after_a_restart_and_each_decision_can_be_made_again()
    {
        IReadOnlyList<ScalingRecord> before;
        await using (var first = new Server(this))
        {
            Decide(first, backlogs: 20);
            before = first.Controller.Describe(Id.Account, "orders").ShouldHaveSingleItem().Records;
        }

        await using var second = new Server(this);
        var view = second.Controller.Describe(Id.Account, "hello").ShouldHaveSingleItem();
        view.Source.ShouldBe(Orders);
        view.Records.ShouldBe(before);
        view.Records.ShouldAllBe(record => record.Agrees());
        view.Last.ShouldBe(before[^1]);

        Decide(second, backlogs: 5);
        var after = second.Controller.Describe(Id.Account, "orders").ShouldHaveSingleItem();
        after.Records.Take(before.Count).ShouldBe(before);
        after.Records.Select(record => record.Number).ShouldBe(
            Enumerable.Range(1, after.Records.Count).Select(number => (long)number));
    }

    [Fact]
    public async Task Source_that_is_not_served_any_more_is_still_explained_until_its_function_is_deleted()
    {
        await using var server = new Server(this);
        Decide(server, backlogs: 3);
        server.Controller.Forget(Orders);

        server.Controller.Describe(Id.Account, "orders").ShouldHaveSingleItem().Records.ShouldNotBeEmpty();
        server.Directory.Announce(Id, 2, null);

        server.Controller.Describe(Id.Account, "orders").ShouldBeEmpty();
    }

    [Fact]
    public async Task Handing_over_the_decisions_of_a_thousand_sources_takes_no_time_that_anybody_waits_for()
    {
        await using var server = new Server(this);
        for (var source = 0; source < 1_000; source++)
        {
            server.Controller.TargetFor(
                new SourceKey(Id, "queue", $"q{source}"), new SourceLoad(10, TimeSpan.Zero, 0, 0));
        }

        var started = Stopwatch.GetTimestamp();
        server.Controller.HandOver();
        var all = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        server.Controller.HandOver();
        var none = Stopwatch.GetElapsedTime(started);

        TestContext.Current.TestOutputHelper?.WriteLine($"1,000 new: {all}, none new: {none}");
        all.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        none.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private void Decide(Server server, int backlogs)
    {
        for (var look = 0; look < backlogs; look++)
        {
            server.Controller.TargetFor(
                Orders, new SourceLoad(1 + (look * 37 % 400), TimeSpan.FromSeconds(look % 3), look * 50, look % 7));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Server : IAsyncDisposable
    {
        private readonly EnvironmentPool pool;
        private readonly DecisionArchive archive;
        private readonly TelemetryStore store;

        public Server(DecisionArchiveTests test)
        {
            var time = test.time;
            TestFunctions.Announce(Directory, TestFunctions.Create(Id));
            store = TelemetryStore.Open(
                new TelemetryOptions { Path = Path.Combine(test.folder, "telemetry.db") }, time);
            pool = new EnvironmentPool(
                new HeldEnvironments(time),
                new PoolOptions { IdleTimeout = TimeSpan.FromSeconds(60), EnvironmentsMax = 50 },
                time);
            archive = new DecisionArchive(store, Directory, time, NullLogger<DecisionArchive>.Instance);
            Controller = new ScaleController(
                pool,
                Directory,
                new ConcurrencyLimiter(Directory, _ => 1_000, time),
                new ScaleControllerOptions { Cores = 16, FreeMegabytes = () => 10_000 },
                time)
            {
                Archive = archive,
            };
            archive.Start(Controller.HandOver);
        }

        public FunctionDirectory Directory { get; } = new();

        public ScaleController Controller { get; }

        public async ValueTask DisposeAsync()
        {
            await archive.DisposeAsync();
            Controller.Dispose();
            await pool.DisposeAsync();
            store.Dispose();
        }
    }
}
