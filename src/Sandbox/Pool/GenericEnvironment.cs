using System.Net.Sockets;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// A sandbox that stands and whose interpreter runs and is connected, or, for a custom runtime, whose shell waits for
/// the program's name: all but the function.
/// </summary>
/// <param name="Process">The sandbox.</param>
/// <param name="Frames">The shim's connection; null for a custom runtime.</param>
/// <param name="Paths">Where code and layers are inside, where they are there from the start.</param>
internal sealed record GenericEnvironment(SandboxProcess Process, Socket? Frames, SandboxPaths Paths)
    : IAsyncDisposable
{
    public bool IsAlive => !Process.Exited.IsCompleted;

    public ValueTask DisposeAsync()
    {
        Frames?.Dispose();
        return Process.DisposeAsync();
    }
}

/// <summary>Starts generic environments; the pool of them decides when.</summary>
internal interface IGenericStarter
{
    /// <summary>Whether environments of this kind can wait for their function on this machine.</summary>
    ValueTask<bool> CanStartAsync(GenericKind kind);

    /// <exception cref="SandboxStartException">It did not start; nothing of it remains.</exception>
    /// <exception cref="IOException">The same.</exception>
    /// <exception cref="SocketException">The same.</exception>
    Task<GenericEnvironment> StartAsync(GenericKind kind, CancellationToken cancellation);
}
