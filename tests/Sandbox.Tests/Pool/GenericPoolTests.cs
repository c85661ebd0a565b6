using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Pool;
using Lambent.Sandbox.Tests.Channels;

namespace Lambent.Sandbox.Tests.Pool;

public sealed class GenericPoolTests
{
    private const long Megabyte = 1024 * 1024;

    private static readonly GenericKind Node = new(Runtimes.All["nodejs20.x"], 128, 512, null);
    private static readonly GenericKind Python = new(Runtimes.All["python3.11"], 128, 512, null);

    private readonly ManualTime time = new();
    private readonly FakeGenericStarter starter = new();
    private readonly List<string> warnings = [];

    [Fact]
    public async Task Expected_kind_is_kept_ready_up_to_what_is_wanted()
    {
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        pool.Counts.ShouldBe((GenericDemand.Initial, GenericDemand.Initial));
        starter.StartingMax.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Memory_bounds_how_many_wait()
    {
        // Each turns out to take 42 MB.
        await using var pool = Create(memoryMegabytes: 420);
        pool.Expect(Node);
        await pool.SettleAsync();
        pool.Counts.Count.ShouldBeInRange(8, 12);
        (pool.Counts.Count * 42).ShouldBeLessThanOrEqualTo(420 + 42);
    }

    [Fact]
    public async Task Taken_environment_no_longer_yields_and_is_replaced()
    {
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        var taken = pool.TryTake(Node).ShouldNotBeNull();
        ((FakeProcess)taken.Process).Yields.ShouldBeFalse();
        await pool.SettleAsync();
        starter.Started.Count.ShouldBe(GenericDemand.Initial, "the call comes first");
        time.Advance(TimeSpan.FromMilliseconds(25));
        await pool.SettleAsync();
        pool.Counts.Count.ShouldBe(GenericDemand.Initial);
        starter.Started.Count.ShouldBe(GenericDemand.Initial + 1);
        await taken.DisposeAsync();
    }

    [Fact]
    public async Task Kind_that_was_not_expected_is_from_its_first_use_on()
    {
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.TryTake(Node).ShouldBeNull();
        await pool.SettleAsync();
        pool.TryTake(Node).ShouldNotBeNull();
        pool.TryTake(Python).ShouldBeNull();
    }

    [Fact]
    public async Task Environment_that_died_while_it_waited_is_not_handed_out()
    {
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        foreach (var process in starter.Started)
        {
            process.Exit(new SandboxExit(1, OutOfMemory: false));
        }

        pool.TryTake(Node).ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(30));
        await pool.SettleAsync();
        pool.TryTake(Node).ShouldNotBeNull();
    }

    [Fact]
    public async Task Failed_start_is_said_once_and_tried_again_later()
    {
        starter.Failure = SandboxStartException.Because("no more processes");
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        warnings[0].ShouldContain("nodejs20.x");
        warnings[0].ShouldContain("no more processes");
        warnings.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(61));
        await pool.SettleAsync();
        warnings.Count.ShouldBe(1);

        starter.Failure = null;
        time.Advance(TimeSpan.FromSeconds(61));
        await pool.SettleAsync();
        pool.Counts.Count.ShouldBe(pool.Counts.Wanted);
    }

    [Fact]
    public async Task Exception_that_nobody_thought_of_takes_no_place_for_good()
    {
        starter.Failure = new InvalidOperationException("nobody thought of it");
        var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        warnings.ShouldHaveSingleItem().ShouldContain("nobody thought of it");

        starter.Failure = null;
        starter.WaitForTwo();
        time.Advance(TimeSpan.FromSeconds(61));
        await pool.SettleAsync();
        pool.Counts.Count.ShouldBe(pool.Counts.Wanted);
        starter.StartingMax.ShouldBe(2);
        await pool.DisposeAsync();
    }

    [Fact]
    public async Task Kind_that_cannot_wait_here_is_never_started()
    {
        starter.CanStart = false;
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        pool.Counts.Count.ShouldBe(0);
        starter.Started.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_started_ahead_while_a_call_waits_for_a_start()
    {
        await using var pool = Create(memoryMegabytes: 100_000);
        using (await pool.AwaitTurnAsync(CancellationToken.None))
        {
            pool.Expect(Node);
            await pool.SettleAsync();
            starter.Started.ShouldBeEmpty();
        }

        await pool.SettleAsync();
        starter.Started.Count.ShouldBe(GenericDemand.Initial);
    }

    [Fact]
    public async Task What_nobody_wants_any_more_is_let_go()
    {
        await using var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        await pool.SettleAsync();
        time.Advance(TimeSpan.FromHours(6));
        await pool.SettleAsync();
        pool.Counts.ShouldBe((GenericDemand.Least, GenericDemand.Least));
        starter.Started.Count(process => process.Killed).ShouldBe(GenericDemand.Initial - GenericDemand.Least);
    }

    [Fact]
    public async Task Kinds_that_owners_make_up_are_forgotten_again()
    {
        await using var pool = Create(memoryMegabytes: 100_000, kindsMax: 4);
        for (var memory = 128; memory < 148; memory++)
        {
            pool.Expect(Node with { MemoryMegabytes = memory });
        }

        await pool.SettleAsync();
        starter.Started.Count(process => !process.Killed).ShouldBe(pool.Counts.Count);
        pool.Counts.Wanted.ShouldBe(128 + 64 + 32 + 16);
    }

    [Fact]
    public async Task End_leaves_nothing_running()
    {
        var pool = Create(memoryMegabytes: 100_000);
        pool.Expect(Node);
        pool.Expect(Python);
        await pool.DisposeAsync();
        starter.Started.ShouldAllBe(process => process.Killed);
    }

    [Fact]
    public async Task No_memory_means_no_environments()
    {
        await using var pool = Create(memoryMegabytes: 0);
        pool.Expect(Node);
        pool.TryTake(Node).ShouldBeNull();
        await pool.SettleAsync();
        starter.Started.ShouldBeEmpty();
    }

    private GenericPool Create(int memoryMegabytes, int kindsMax = 64) => new(
        starter,
        new GenericPoolOptions
        {
            MemoryBytesMax = memoryMegabytes * Megabyte,
            KindsMax = kindsMax,
            EnvironmentsMax = 1_000,
        },
        time,
        text =>
        {
            lock (warnings)
            {
                warnings.Add(text);
            }
        });

    private sealed class FakeGenericStarter : IGenericStarter
    {
        private readonly Lock gate = new();
        private int starting;
        private TaskCompletionSource? two;

        public List<FakeProcess> Started { get; } = [];

        public int StartingMax { get; private set; }

        /// <summary>From now on no start ends before two were under way at once.</summary>
        public void WaitForTwo()
        {
            (two, StartingMax) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        }

        public bool CanStart { get; set; } = true;

        public Exception? Failure { get; set; }

        public ValueTask<bool> CanStartAsync(GenericKind kind) => ValueTask.FromResult(CanStart);

        public async Task<GenericEnvironment> StartAsync(GenericKind kind, CancellationToken cancellation)
        {
            lock (gate)
            {
                StartingMax = Math.Max(StartingMax, ++starting);
                if (starting == 2)
                {
                    two?.TrySetResult();
                }
            }

            await Task.Yield();
            if (two is not null)
            {
                await two.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
            lock (gate)
            {
                starting--;
                if (Failure is not null)
                {
                    throw Failure;
                }

                var process = new FakeProcess($"env-{Started.Count}");
                Started.Add(process);
                return new GenericEnvironment(process, null, new SandboxPaths("/var/task", "/opt", ""));
            }
        }
    }
}
