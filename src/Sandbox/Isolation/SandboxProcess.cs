using System.Net.Sockets;

namespace Lambent.Sandbox.Isolation;

/// <summary>What to start: one environment's process in its sandbox.</summary>
public sealed record SandboxOptions
{
    /// <summary>Unique on this node; names the cgroup, the folder with the socket and the host name inside.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>
    /// The program inside the sandbox and its arguments; empty for a sandbox that waits, complete but for its program,
    /// until it is told what to run (<see cref="SandboxProcess.Begin"/>).
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The variables the process starts with; nothing else of the host's environment is passed.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>
    /// Host folder that appears read-only as /var/task; null for a generic environment, which gets its code later
    /// (<see cref="SandboxProcess.AttachCodeAsync"/>), where <see cref="IIsolationDriver.CanAttachCode"/> says so.
    /// </summary>
    public required string? CodeFolder { get; init; }

    /// <summary>Host folder that appears read-only as /opt, or null.</summary>
    public string? LayersFolder { get; init; }

    /// <summary>
    /// Further host folders that appear read-only at the same path: the runtime's shim and interpreter.
    /// </summary>
    public IReadOnlyList<string> ReadOnlyFolders { get; init; } = [];

    /// <summary>Whether the process connects to the frame socket, LAMBENT_SOCKET in its variables.</summary>
    public required bool UsesFrames { get; init; }

    /// <summary>
    /// Whether it gets only processor time that nobody else wants, until <see cref="SandboxProcess.EndYielding"/>: for
    /// what is started ahead of its use.
    /// </summary>
    public bool Yields { get; init; }

    public required int MemoryMegabytes { get; init; }

    public required int EphemeralStorageMegabytes { get; init; }
}

/// <summary>How a sandbox ended.</summary>
/// <param name="ExitStatus">The process's status; 128 plus the number for a signal.</param>
/// <param name="OutOfMemory">Whether it was killed for its memory.</param>
public sealed record SandboxExit(int ExitStatus, bool OutOfMemory)
{
    /// <summary>In Lambda's words: "exit status 3" or "signal: killed".</summary>
    public string Description => ExitStatus switch
    {
        137 => "signal: killed",
        139 => "signal: segmentation fault (core dumped)",
        134 => "signal: aborted (core dumped)",
        143 => "signal: terminated",
        _ => $"exit status {ExitStatus}",
    };
}

/// <summary>
/// One sandboxed process group. Only Sandbox starts processes, and this is the only shape in which the rest sees one.
/// </summary>
public abstract class SandboxProcess : IAsyncDisposable
{
    public abstract string EnvironmentId { get; }

    /// <summary>Completes when the last process inside is gone. Never faults.</summary>
    public abstract Task<SandboxExit> Exited { get; }

    /// <summary>
    /// The shim's connected frame socket; waits for it. Fails when the process ends before it connects.
    /// </summary>
    public abstract Task<Socket> AcceptFramesAsync(CancellationToken cancellation);

    /// <summary>
    /// What the process writes to its standard output and error, in order; called from the reading loop. Set before
    /// the first output can be missed: output before that is kept and handed over when it is set.
    /// </summary>
    public abstract Action<ReadOnlyMemory<byte>>? Output { get; set; }

    /// <summary>
    /// Told, in lines and bytes, what of the output was too much and is not handed over
    /// (<see cref="Lambent.Kernel.Limits.EnvironmentLogBytesPerSecond"/>). Set before <see cref="Output"/>.
    /// </summary>
    public virtual Action<long, long>? OutputDropped { get; set; }

    /// <summary>
    /// Completes when all that the process had written before the call was handed to <see cref="Output"/>.
    /// </summary>
    public abstract ValueTask DrainOutputAsync();

    /// <summary>The largest memory use so far, in bytes; 0 where it cannot be measured.</summary>
    public abstract long PeakMemoryBytes { get; }

    /// <summary>
    /// What it had of the processors so far; null where that cannot be measured. Reads some files of the kernel: not
    /// for every call.
    /// </summary>
    public virtual ProcessorUse? ReadProcessorUse() => null;

    /// <summary>
    /// host:port at which the process reaches the platform (the Runtime API, and the AWS APIs on behalf of the
    /// function); null where it cannot.
    /// </summary>
    public abstract string? PlatformAddress { get; }

    /// <summary>
    /// Gives a generic environment its code, once: the folders appear inside as if they had been there from the start.
    /// The process may already have /var/task as its working folder; it has to change to it again to see the files.
    /// </summary>
    /// <returns>Where code and layers are inside.</returns>
    /// <exception cref="SandboxStartException">It could not be done; the environment is of no use any more.</exception>
    public virtual Task<SandboxPaths> AttachCodeAsync(string codeFolder, string? layersFolder) =>
        throw new InvalidOperationException("The environment has its code.");

    /// <summary>Starts the program of a sandbox that was started without one, once.</summary>
    /// <param name="workingFolder">As the process sees it.</param>
    /// <exception cref="SandboxStartException">It could not be done; the environment is of no use any more.</exception>
    public virtual void Begin(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables, string workingFolder) =>
        throw new InvalidOperationException("The environment has its program.");

    /// <summary>
    /// From now on it gets processor time like every other that starts (<see cref="SandboxOptions.Yields"/>).
    /// </summary>
    public abstract void EndYielding();

    /// <summary>
    /// The code is loaded: while there is not enough processor time for all, it gets what follows from its memory.
    /// Until then it counts as one core at least.
    /// </summary>
    public virtual void WeighByMemory()
    {
    }

    /// <summary>
    /// Bounds the processor time to the share that follows from the memory (1,769 MB: one core). Until this is called
    /// the process may use all cores, as AWS Lambda lets initialization do: call it once the code is loaded.
    /// </summary>
    public abstract void LimitProcessor();

    /// <summary>
    /// Looks whether it outgrew its memory, and kills it then. It is watched anyway; this is for who cannot wait.
    /// </summary>
    public virtual bool EndIfOutgrown() => false;

    /// <summary>
    /// Kills every process inside. Returns at once; <see cref="Exited"/> completes when they are gone.
    /// </summary>
    public abstract void Kill();

    /// <summary>Kills, waits, and removes cgroup, folder and sockets.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A way to isolate an environment from the machine and from its neighbours.</summary>
public interface IIsolationDriver
{
    /// <summary>namespace, process…: the value of the function tag lambent:isolation.</summary>
    string Name { get; }

    /// <summary>Whether environments can be started before it is known whose code they will run.</summary>
    bool CanAttachCode { get; }

    /// <summary>
    /// Where the process will find things under these options: the same for all that this driver starts.
    /// </summary>
    SandboxPaths Paths(SandboxOptions options);

    /// <exception cref="SandboxStartException">It could not be started; nothing of it remains.</exception>
    Task<SandboxProcess> StartAsync(SandboxOptions options, CancellationToken cancellation);
}

/// <summary>Paths as a process inside sees them.</summary>
/// <param name="TaskRoot">The code: /var/task, or the host's folder where nothing is mounted.</param>
/// <param name="LayersRoot">The layers: /opt, or the host's folder; null without layers where nothing is
/// mounted.</param>
/// <param name="FrameSocket">LAMBENT_SOCKET.</param>
public sealed record SandboxPaths(string TaskRoot, string? LayersRoot, string FrameSocket);
