using System.Net.Sockets;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Tests.Channels;

/// <summary>A process that ends when it is told to.</summary>
internal sealed class FakeProcess(string id = "env-1") : SandboxProcess
{
    private readonly TaskCompletionSource<SandboxExit> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string EnvironmentId => id;

    public override Task<SandboxExit> Exited => exited.Task;

    public override Action<ReadOnlyMemory<byte>>? Output { get; set; }

    public override long PeakMemoryBytes => 42L * 1024 * 1024;

    public bool Killed { get; private set; }

    public void Exit(SandboxExit exit) => exited.TrySetResult(exit);

    public override Task<Socket> AcceptFramesAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>What is still in the pipe, handed over when it is drained.</summary>
    public string Undelivered { get; set; } = "";

    public override ValueTask DrainOutputAsync()
    {
        Output?.Invoke(System.Text.Encoding.UTF8.GetBytes(Undelivered));
        Undelivered = "";
        return ValueTask.CompletedTask;
    }

    public override string? PlatformAddress => null;

    /// <summary>What is measured of it; null: nothing can be.</summary>
    public Func<ProcessorUse?> ProcessorUse { get; set; } = () => null;

    public bool HasOutgrownMemory { get; set; }

    public override bool EndIfOutgrown()
    {
        if (HasOutgrownMemory)
        {
            Kill();
        }

        return HasOutgrownMemory;
    }

    public override ProcessorUse? ReadProcessorUse() => ProcessorUse();

    public override void LimitProcessor()
    {
    }

    public bool Yields { get; private set; } = true;

    public override void EndYielding() => Yields = false;

    public override void Kill()
    {
        Killed = true;
        exited.TrySetResult(new SandboxExit(137, false));
    }

    public override ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }
}
