using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;
using Lambent.Simulation.Serverless;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Environments;

/// <summary>
/// The conversation with an environment in which code of the world runs: it answers, fails, takes longer than it may,
/// or dies. What it did before it died is done.
/// </summary>
internal sealed class SimulatedChannel(
    SimulatedStarts starts, LifeSupport support, string name, EnvironmentSpecification specification)
    : IEnvironmentChannel
{
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Call> calls = [];
    private bool wasCalled;
    private bool isDead;

    public Task Closed => closed.Task;

    public Task<InvocationOutcome?> InitializeAsync(
        EnvironmentSpecification wanted, IReadOnlyDictionary<string, string> variables, TimeSpan limit) =>
        Task.FromResult<InvocationOutcome?>(null);

    public async ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, TimeSpan timeout)
    {
        if (support.Actor.IsDead)
        {
            return await new TaskCompletionSource<InvocationOutcome>().Task;
        }

        var kind = new InstanceKind(
            specification.Function.Account.Value, specification.Function.Name, specification.RevisionId);
        starts.Tell(new TraceStep.Assign(invocation.RequestId, name, kind, IsCold: !wasCalled));
        wasCalled = true;
        var deadline = support.Time.GetTimestamp() + (long)(timeout.TotalSeconds * support.Time.TimestampFrequency);
        var call = new Call(invocation.RequestId, deadline);
        calls.Add(call);
        _ = RunAsync(call, invocation);
        var outcome = await call.Ended.Task;
        calls.Remove(call);
        starts.Work.Ended(support);
        outcome.EnvironmentId = name;
        return outcome;
    }

    public bool SweepDeadlines(long nowTimestamp)
    {
        var overdue = calls.FindAll(call => call.DeadlineTimestamp <= nowTimestamp);
        if (overdue.Count == 0)
        {
            return false;
        }

        overdue.ForEach(call => call.Ended.TrySetResult(
            InvocationOutcome.Owned(OutcomeKind.TimedOut, """{"errorMessage":"Task timed out"}"""u8.ToArray())));
        Die();
        return true;
    }

    public ValueTask DisposeAsync()
    {
        Die();
        return ValueTask.CompletedTask;
    }

    private async Task RunAsync(Call call, Invocation invocation)
    {
        var answer = await starts.Work.RunAsync(
            support, invocation, () => !isDead && !support.Actor.IsDead && !call.Ended.Task.IsCompleted);
        if (isDead || support.Actor.IsDead || call.Ended.Task.IsCompleted)
        {
            return;
        }

        if (answer is null)
        {
            call.Ended.TrySetResult(
                InvocationOutcome.Owned(OutcomeKind.Exited, """{"errorMessage":"it exited"}"""u8.ToArray()));
            Die();
            return;
        }

        starts.Tell(new TraceStep.Finish(name, call.RequestId, answer.IsSuccess ? "done" : "failed"));
        call.Ended.TrySetResult(answer);
    }

    private void Die()
    {
        if (isDead)
        {
            return;
        }

        isDead = true;
        starts.Tell(new TraceStep.Die(name));
        foreach (var call in calls.ToArray())
        {
            call.Ended.TrySetResult(
                InvocationOutcome.Owned(OutcomeKind.Exited, """{"errorMessage":"it exited"}"""u8.ToArray()));
        }

        closed.TrySetResult();
        starts.Ended(support);
    }

    private sealed class Call(string requestId, long deadlineTimestamp)
    {
        public string RequestId => requestId;

        public long DeadlineTimestamp => deadlineTimestamp;

        public TaskCompletionSource<InvocationOutcome> Ended { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
