using System.Net.Sockets;
using Lambent.Sandbox.Isolation;

namespace Lambent.Simulation.Environments;

/// <summary>A process that is nothing but its end.</summary>
internal sealed class SimulatedProcess(string id) : SandboxProcess
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
