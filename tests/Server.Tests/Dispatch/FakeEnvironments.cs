using System.Net.Sockets;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Pool;

namespace Lambent.Server.Tests.Dispatch;

/// <summary>Environments without processes: each call is answered by a function of the test.</summary>
internal sealed class FakeEnvironments(Func<Invocation, Task<InvocationOutcome>> handle, TimeProvider time)
    : IEnvironmentStarter
{
    /// <summary>Whose calls are answered with an empty object.</summary>
    public FakeEnvironments(Func<Invocation, Task<OutcomeKind>> handle, TimeProvider time)
        : this(async invocation => InvocationOutcome.Owned(await handle(invocation), "{}"u8.ToArray()), time)
    {
    }

    /// <summary>What every start here is said to have taken.</summary>
    public static StartPhases Phases { get; } = new(
        TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3));

    public Task<StartedEnvironment> StartAsync(StartRequest request, CancellationToken cancellation) =>
        Task.FromResult(new StartedEnvironment(new ExecutionEnvironment(
            request.Specification, new FakeProcess($"env-{Guid.NewGuid():N}"), new Channel(handle), Phases, time)));

    private sealed class Channel(Func<Invocation, Task<InvocationOutcome>> handle) : IEnvironmentChannel
    {
        private readonly TaskCompletionSource closed = new();

        public Task Closed => closed.Task;

        public Task<InvocationOutcome?> InitializeAsync(
            EnvironmentSpecification specification, IReadOnlyDictionary<string, string> variables, TimeSpan limit) =>
            Task.FromResult<InvocationOutcome?>(null);

        public async ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, TimeSpan timeout) =>
            await handle(invocation);

        public bool SweepDeadlines(long nowTimestamp, Action? beforeEnding = null) => false;

        public ValueTask DisposeAsync()
        {
            closed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A process that ends when it is killed.</summary>
internal sealed class FakeProcess(string id) : SandboxProcess
{
    private readonly TaskCompletionSource<SandboxExit> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string EnvironmentId => id;

    public override Task<SandboxExit> Exited => exited.Task;

    public override Action<ReadOnlyMemory<byte>>? Output { get; set; }

    public override long PeakMemoryBytes => 0;

    public override string? PlatformAddress => null;

    public override Task<Socket> AcceptFramesAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public override ValueTask DrainOutputAsync() => ValueTask.CompletedTask;

    public override void EndYielding()
    {
    }

    public override void LimitProcessor()
    {
    }

    public override void Kill() => exited.TrySetResult(new SandboxExit(137, false));

    public override ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Keeps the records of calls.</summary>
internal sealed class RecordingTelemetry : ITelemetrySink
{
    private readonly List<InvocationRecord> records = [];

    public IReadOnlyList<InvocationRecord> Records
    {
        get
        {
            lock (records)
            {
                return [.. records];
            }
        }
    }

    public void Record(InvocationRecord record)
    {
        lock (records)
        {
            records.Add(record);
        }
    }

    public void Write(LogLine line)
    {
    }
}

/// <summary>Environments that become ready, or fail, when a test says so.</summary>
internal sealed class HeldEnvironments(TimeProvider time) : IEnvironmentStarter
{
    private readonly FakeEnvironments ready = new(_ => Task.FromResult(OutcomeKind.Success), time);
    private readonly List<(string Version, bool Provisioned, TaskCompletionSource Gate)> starts = [];

    /// <summary>Versions whose starts fail, with the report of the function's runtime.</summary>
    public Dictionary<string, string> Failures { get; } = [];

    /// <summary>Versions whose starts wait for <see cref="Open"/>.</summary>
    public HashSet<string> Held { get; } = [];

    public int Started(string version) => starts.Count(start => start.Version == version);

    public bool AllProvisioned => starts.TrueForAll(start => start.Provisioned);

    public void Open(string version)
    {
        Held.Remove(version);
        starts.Where(start => start.Version == version).ToList().ForEach(start => start.Gate.TrySetResult());
    }

    public async Task<StartedEnvironment> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        var gate = new TaskCompletionSource();
        var version = request.Specification.Version;
        starts.Add((version, request.IsProvisioned, gate));
        if (Held.Contains(version))
        {
            await gate.Task.WaitAsync(cancellation);
        }

        return Failures.TryGetValue(version, out var report)
            ? new StartedEnvironment(null, InvocationOutcome.Owned(
                OutcomeKind.HandlerError, System.Text.Encoding.UTF8.GetBytes(report)))
            : await ready.StartAsync(request, cancellation);
    }
}
