using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Server.Functions;
using Lambent.Server.Telemetry;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>What is known of calls outlives the server, and not the function.</summary>
public sealed class DemandKeeperTests : IDisposable
{
    private static readonly FunctionId Hello = TestFunctions.Id("hello");
    private static readonly FunctionId Other = TestFunctions.Id("other");

    private readonly string folder = Directory.CreateTempSubdirectory("lambent-demand-").FullName;
    private readonly VirtualTime time = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Restart_knows_what_was_learnt_before()
    {
        byte[] learnt;
        await using (var first = Start())
        {
            await first.CallHourlyAsync(Hello, times: 5);
            learnt = first.HistoryOf(Hello).ShouldNotBeNull();
        }

        await using var second = Start();
        second.HistoryOf(Hello).ShouldBe(learnt);
    }

    [Fact]
    public async Task Crash_loses_no_more_than_the_last_minutes()
    {
        await using var first = Start();
        await first.CallHourlyAsync(Hello, times: 5);
        time.Advance(DemandKeeper.Period);
        await first.SavedAsync(Hello);
        first.Telemetry.ListRemembered().ShouldHaveSingleItem().History.ShouldBe(first.HistoryOf(Hello));
    }

    [Fact]
    public async Task Deleted_function_is_forgotten_here_and_on_the_disk()
    {
        await using (var first = Start())
        {
            await first.CallHourlyAsync(Hello, times: 5);
            await first.CallHourlyAsync(Other, times: 5);
        }

        await using (var second = Start())
        {
            second.Directory.Announce(Hello, 2, null);
            second.HistoryOf(Hello).ShouldBeNull();
            second.HistoryOf(Other).ShouldNotBeNull();
            // Made again, under the same name.
            TestFunctions.Announce(second.Directory, TestFunctions.Create(Hello), sequence: 3);
        }

        await using (var third = Start())
        {
            third.HistoryOf(Hello).ShouldBeNull();
            third.HistoryOf(Other).ShouldNotBeNull();
        }

        // Deleted while the server was down, as after a copy of older data was put in its place.
        await using (var fourth = Start(Hello))
        {
            fourth.HistoryOf(Other).ShouldBeNull();
        }

        await using var fifth = Start();
        fifth.Telemetry.ListRemembered().ShouldBeEmpty();
    }

    [Fact]
    public async Task Function_that_was_called_once_takes_no_row()
    {
        await using (var first = Start())
        {
            await first.CallHourlyAsync(Hello, times: 1);
        }

        await using var second = Start();
        second.Telemetry.ListRemembered().ShouldBeEmpty();
    }

    private Running Start(params FunctionId[] functions) =>
        new(Path.Combine(folder, "telemetry.db"), time, functions.Length == 0 ? [Hello, Other] : functions);

    private sealed class Running : IAsyncDisposable
    {
        private readonly EnvironmentPool pool;
        private readonly DemandKeeper keeper;
        private readonly VirtualTime time;

        public Running(string path, VirtualTime time, FunctionId[] functions)
        {
            this.time = time;
            foreach (var function in functions)
            {
                TestFunctions.Announce(Directory, TestFunctions.Create(function));
            }

            Telemetry = TelemetryStore.Open(new TelemetryOptions { Path = path }, time);
            pool = new EnvironmentPool(
                new FakeEnvironments(_ => Task.FromResult(OutcomeKind.Success), time),
                new PoolOptions
                {
                    PredictsIdleTimes = true, IdleTimeout = TimeSpan.FromMinutes(10), EnvironmentsMax = 100,
                    SweepPeriod = TimeSpan.FromMinutes(1),
                },
                time);
            keeper = DemandKeeper.Start(pool, Telemetry, Directory, time, NullLogger<DemandKeeper>.Instance);
        }

        public FunctionDirectory Directory { get; } = new();

        public TelemetryStore Telemetry { get; }

        public async Task CallHourlyAsync(FunctionId function, int times)
        {
            var specification = Directory.Find(function)!.Route(null, 0)!;
            for (var call = 0; call < times; call++)
            {
                var lease = await pool.AcquireAsync(specification);
                lease.Environment!.Release(TimeSpan.Zero);
                time.Advance(TimeSpan.FromHours(1));
            }
        }

        public byte[]? HistoryOf(FunctionId function) =>
            pool.ReadHistories().SingleOrDefault(known => known.Function == function)?.History;

        /// <summary>Waits for the save that the clock has set off.</summary>
        public async Task SavedAsync(FunctionId function)
        {
            while (!Telemetry.ListRemembered().Any(kept =>
                kept.Function == function && kept.History.AsSpan().SequenceEqual(HistoryOf(function))))
            {
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await keeper.DisposeAsync();
            await pool.DisposeAsync();
            Telemetry.Dispose();
        }
    }
}
