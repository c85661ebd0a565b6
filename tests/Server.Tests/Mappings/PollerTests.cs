using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Mappings;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Mappings;

/// <summary>How many batches are under way, and what a change, a pause, a limit and an end do to them.</summary>
public sealed class PollerTests
{
    [Fact]
    public async Task Mapping_isCreatingAtFirst_andEnabledSoon()
    {
        await using var bench = new MappingBench();
        var id = await bench.ReadyAsync();

        await MappingBench.WhenAsync(() => bench.State(id) == MappingState.Enabled);
    }

    [Fact]
    public async Task Concurrency_isNeverAboveTheMappings_andFollowsAChange()
    {
        await using var bench = new MappingBench();
        var gate = new TaskCompletionSource();
        bench.Handle = async _ =>
        {
            await gate.Task;
            return "{}";
        };
        await bench.FunctionAsync();
        await bench.QueueAsync();
        for (var number = 0; number < 20; number++)
        {
            await bench.SendAsync($"{number}");
        }

        var id = await bench.MapAsync(new MappingChange { BatchSize = 1, Scaling = new ScalingChange(2) });
        await MappingBench.WhenAsync(() => bench.Calls.Count == 2);
        bench.Count().Visible.ShouldBe(18);

        await bench.Mappings.UpdateAsync(
            AccountId.Root, id, new MappingChange { Scaling = new ScalingChange(4) }, default);
        await MappingBench.WhenAsync(() => bench.State(id) == MappingState.Enabled);
        gate.SetResult();
        await MappingBench.WhenAsync(() => bench.IsEmpty());
        bench.Calls.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Refused_calls_costNoReceives()
    {
        await using var bench = new MappingBench(accountLimit: 1);
        var gate = new TaskCompletionSource();
        bench.Handle = async call =>
        {
            await (call.Bodies.Contains("first") ? gate.Task : Task.CompletedTask);
            return "{}";
        };
        await bench.ReadyAsync(new MappingChange { BatchSize = 1 });
        await bench.SendAsync("first");
        await MappingBench.WhenAsync(() => bench.Calls.Count == 1);

        // The account's only place is taken: whatever is received now is refused, for longer than it stays hidden.
        await bench.SendAsync("second");
        await bench.SendAsync("third");
        for (var second = 0; second < 100; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        bench.Calls.Count.ShouldBe(1);
        gate.SetResult();
        await bench.PassAsync(() => bench.IsEmpty());
        bench.Calls.Select(call => (string?)call.Records[0]!["attributes"]!["ApproximateReceiveCount"])
            .ShouldAllBe(count => count == "1");
    }

    [Fact]
    public async Task Function_thatMayNotBeCalled_takesNoMessages_untilItMay()
    {
        await using var bench = new MappingBench();
        await bench.FunctionAsync(reserved: 0);
        await bench.QueueAsync();
        await bench.MapAsync();
        await bench.SendAsync("a");
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Count().ShouldBe(new Kernel.Queues.MessageCounts(1, 0, 0));

        await bench.FunctionAsync(reserved: 5);
        await MappingBench.WhenAsync(() => bench.IsEmpty());
    }

    [Fact]
    public async Task Function_thatIsDeleted_leavesTheMessages_forItsSuccessor()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync();
        await bench.Functions.DeleteAsync(MappingBench.Function, _ => Kernel.Done.Value);
        await bench.SendAsync("a");
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Calls.ShouldBeEmpty();

        await bench.FunctionAsync();
        await bench.PassAsync(() => bench.IsEmpty());

        bench.Handled.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Paused_mapping_takesNothing_andGoesOn()
    {
        await using var bench = new MappingBench();
        var id = await bench.ReadyAsync();
        await MappingBench.WhenAsync(() => bench.State(id) == MappingState.Enabled);

        (await EnableAsync(bench, id, false)).State.ShouldBe(MappingState.Disabling);
        await MappingBench.WhenAsync(() => bench.State(id) == MappingState.Disabled);
        await bench.SendAsync("a");
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Count().Visible.ShouldBe(1);

        (await EnableAsync(bench, id, true)).State.ShouldBe(MappingState.Enabling);
        await MappingBench.WhenAsync(() => bench.IsEmpty());
        await MappingBench.WhenAsync(() => bench.State(id) == MappingState.Enabled);
    }

    [Fact]
    public async Task Deleted_mapping_isGone_whenItsCallsHaveEnded()
    {
        await using var bench = new MappingBench();
        var gate = new TaskCompletionSource();
        bench.Handle = async _ =>
        {
            await gate.Task;
            return "{}";
        };
        var id = await bench.ReadyAsync();
        await bench.SendAsync("a");
        await MappingBench.WhenAsync(() => bench.Calls.Count == 1);

        await bench.Mappings.DeleteAsync(AccountId.Root, id, default);
        bench.State(id).ShouldBe(MappingState.Deleting);
        gate.SetResult();
        await MappingBench.WhenAsync(() => bench.State(id) is null);

        bench.IsEmpty().ShouldBeTrue();
    }

    [Fact]
    public async Task Queue_madeAgain_isReadAgain()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync();
        await bench.Queues.DeleteAsync(MappingBench.IdOf(), default);
        await bench.QueueAsync();
        await bench.SendAsync("a");

        await bench.PassAsync(() => bench.IsEmpty());

        bench.Handled.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Stop_givesBackWhatWasNotTried()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync(new MappingChange { BatchSize = 100, WindowSeconds = 60 });
        await bench.SendAsync("a");
        await MappingBench.WhenAsync(() => bench.Count().InFlight == 1);

        await bench.StopAsync();

        bench.Count().ShouldBe(new Kernel.Queues.MessageCounts(1, 0, 0));
        bench.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Failing_function_isNotHurriedThroughTheQueue()
    {
        await using var bench = new MappingBench { Handle = _ => throw new InvalidOperationException() };
        await bench.FunctionAsync();
        await bench.QueueAsync();
        for (var number = 0; number < 200; number++)
        {
            await bench.SendAsync($"{number}");
        }

        await bench.MapAsync(new MappingChange { BatchSize = 1 });
        await MappingBench.WhenAsync(() => bench.Calls.Count >= 2);
        for (var second = 0; second < 10; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        bench.Calls.Count.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Call_isRecordedAsTheQueues()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync();
        await bench.SendAsync("a");
        await MappingBench.WhenAsync(() => bench.IsEmpty());

        var invocation = bench.Calls.Single().Invocation;
        invocation.InvokedArn.ShouldBe("arn:aws:lambda:us-east-1:000000000000:function:worker");
        Guid.TryParse(invocation.RequestId, out _).ShouldBeTrue();
        invocation.ShouldBeOfType<Invocation>();
    }

    private static async Task<EventSourceMapping> EnableAsync(MappingBench bench, string id, bool enabled) =>
        (await bench.Mappings.UpdateAsync(
            AccountId.Root, id, new MappingChange { Enabled = enabled }, default)).Value;
}
