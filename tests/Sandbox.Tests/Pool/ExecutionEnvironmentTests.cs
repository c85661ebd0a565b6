using System.Text;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Sandbox.Tests.Channels;

namespace Lambent.Sandbox.Tests.Pool;

public sealed class ExecutionEnvironmentTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(80);

    private readonly FakeProcess process = new();
    private ExecutionEnvironment? environment;

    public ValueTask DisposeAsync() => process.DisposeAsync();

    [Fact]
    public void Judge_call_that_was_quicker_than_the_end_of_its_environment_is_out_of_memory()
    {
        process.HasOutgrownMemory = true;
        using var outcome = Judge(Long);
        outcome.Kind.ShouldBe(OutcomeKind.OutOfMemory);
        Encoding.UTF8.GetString(outcome.Payload.Span).ShouldContain("Runtime.OutOfMemory");
        outcome.Duration.ShouldBe(Long);
        process.Killed.ShouldBeTrue();
        environment!.Outgrown.ShouldBeTrue("no other call may get it");
    }

    [Fact]
    public void Judge_call_within_its_memory_keeps_its_result()
    {
        using var outcome = Judge(Long);
        outcome.IsSuccess.ShouldBeTrue();
        process.Killed.ShouldBeFalse();
    }

    [Fact]
    public void Judge_short_call_is_not_looked_at()
    {
        process.HasOutgrownMemory = true;
        using var outcome = Judge(TimeSpan.FromMilliseconds(1));
        outcome.IsSuccess.ShouldBeTrue();
    }

    private InvocationOutcome Judge(TimeSpan duration)
    {
        environment = new ExecutionEnvironment(
            Specifications.Create(), process, new FakeChannel(), default, new ManualTime());
        var invocation = new Invocation { RequestId = "r", InvokedArn = "arn", Payload = default };
        var outcome = InvocationOutcome.Owned(OutcomeKind.Success, "{}"u8.ToArray());
        outcome.Duration = duration;
        return environment.Judge(invocation, outcome);
    }
}
