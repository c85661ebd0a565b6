using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Pool;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Workflows;

public sealed class CallLinesTests : IAsyncDisposable
{
    private const int First = 8;

    private static readonly PoolOptions Options = new()
    {
        IdleTimeout = TimeSpan.FromHours(1), EnvironmentsMax = 50,
    };

    private readonly VirtualTime time = new();
    private readonly FunctionDirectory directory = new();
    private readonly EnvironmentPool pool;
    private readonly CallLines lines;
    private readonly EnvironmentSpecification version;

    public CallLinesTests()
    {
        pool = new EnvironmentPool(
            new HeldEnvironments(time), Options, time);
        lines = new CallLines(pool, processorCount: 2, () => false, time);
        version = Announce("step");
    }

    public async ValueTask DisposeAsync()
    {
        lines.Dispose();
        await pool.DisposeAsync();
    }

    [Fact]
    public void Few_calls_are_made_at_first_and_one_more_for_each_that_ends()
    {
        var calls = Enter(version, 100);
        Entered(calls).ShouldBe(First);

        lines.Leave(version);
        lines.Leave(version);

        Entered(calls).ShouldBe(First + 2);
        calls.Select(call => call.IsCompleted).ShouldBe(calls.Select((_, index) => index < First + 2), "in order");
    }

    [Fact]
    public void Calls_that_last_let_the_others_in_and_those_of_other_functions_are_not_kept()
    {
        var calls = Enter(version, 100);
        var others = Enter(Announce("other"), First);
        Entered(others).ShouldBe(First);

        time.Advance(CallGrowth.Period);
        Entered(calls).ShouldBe(2 * First);
        time.Advance(4 * CallGrowth.Period);

        Entered(calls).ShouldBe(100);
    }

    [Fact]
    public async Task Environments_on_their_way_are_waited_for()
    {
        var held = new HeldEnvironments(time) { Held = { version.Version } };
        await using var starting = new EnvironmentPool(held, Options, time);
        using var waiting = new CallLines(starting, 2, () => false, time);
        var calls = Enumerable.Range(0, 100).Select(_ => waiting.EnterAsync(version).AsTask()).ToList();
        var leases = Enumerable.Range(0, First).Select(_ => starting.AcquireAsync(version).AsTask()).ToList();

        time.Advance(20 * CallGrowth.Period);

        Entered(calls).ShouldBe(First);
        held.Open(version.Version);
        await Task.WhenAll(leases);
        time.Advance(CallGrowth.Period);
        Entered(calls).ShouldBe(2 * First);
    }

    [Fact]
    public void Line_that_was_empty_begins_with_few_again()
    {
        Enter(version, 20);
        time.Advance(2 * CallGrowth.Period);
        for (var call = 0; call < 20; call++)
        {
            lines.Leave(version);
        }

        Entered(Enter(version, 20)).ShouldBe(First);
    }

    private static int Entered(IEnumerable<Task> calls) => calls.Count(call => call.IsCompleted);

    private List<Task> Enter(EnvironmentSpecification specification, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => lines.EnterAsync(specification).AsTask())];

    private EnvironmentSpecification Announce(string name)
    {
        var id = TestFunctions.Id(name);
        return TestFunctions.Announce(directory, TestFunctions.Create(id, null), time.GetTimestamp())
            .Route(null, 0)!;
    }
}
