using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Pool;
using Lambent.Sandbox.Tests.Channels;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>Starts environments when the test lets it: each start waits in <see cref="Starting"/>.</summary>
internal sealed class FakeStarter : IEnvironmentStarter
{
    private int count;

    public ConcurrentQueue<TaskCompletionSource<StartedEnvironment>> Starting { get; } = new();

    /// <summary>What the starts may ask when their turn comes, in their order.</summary>
    public ConcurrentQueue<Func<bool>> Wanted { get; } = new();

    public ConcurrentBag<FakeChannel> Channels { get; } = [];

    /// <summary>Starts succeed at once instead of waiting.</summary>
    public bool Immediate { get; set; }

    /// <summary>
    /// Immediate starts end before the pool goes on, so that a test on manual time knows where it is.
    /// </summary>
    public bool Inline { get; init; }

    /// <summary>What immediate starts end with, while it is set.</summary>
    public Error? Failure { get; set; }

    /// <summary>What is measured of the environments.</summary>
    public Func<ProcessorUse?> ProcessorUse { get; set; } = () => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public int StartCount => Volatile.Read(ref count);

    public async Task<StartedEnvironment> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        Interlocked.Increment(ref count);
        Wanted.Enqueue(request.IsWanted);
        if (!Immediate)
        {
            var start = new TaskCompletionSource<StartedEnvironment>();
            Starting.Enqueue(start);
            return await start.Task.WaitAsync(cancellation);
        }

        if (!Inline)
        {
            await Task.Yield();
        }

        return Failure is { } failure ? new StartedEnvironment(null, Error: failure) : Ready(request.Specification);
    }

    public StartedEnvironment Ready(EnvironmentSpecification specification)
    {
        var channel = new FakeChannel();
        Channels.Add(channel);
        var process = new FakeProcess($"env-{Guid.NewGuid():N}") { ProcessorUse = ProcessorUse };
        return new StartedEnvironment(
            new ExecutionEnvironment(
                specification, process, channel, new StartPhases(default, default, TimeSpan.FromMilliseconds(9)),
                Time));
    }
}

internal sealed class FakeChannel : IEnvironmentChannel
{
    private readonly TaskCompletionSource closed = new();

    public Task Closed => closed.Task;

    public bool Disposed { get; private set; }

    public void Close() => closed.TrySetResult();

    public Task<InvocationOutcome?> InitializeAsync(
        EnvironmentSpecification specification, IReadOnlyDictionary<string, string> variables, TimeSpan limit) =>
        Task.FromResult<InvocationOutcome?>(null);

    public ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, TimeSpan timeout) =>
        throw new NotSupportedException();

    public bool SweepDeadlines(long nowTimestamp, Action? beforeEnding = null) => false;

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        closed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
