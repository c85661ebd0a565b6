using System.Net.Sockets;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Isolation;

/// <summary>What a driver keeps together for one started environment.</summary>
internal sealed record RunningSandboxParts
{
    public required string EnvironmentId { get; init; }

    public required string Folder { get; init; }

    public required LaunchedProcess Process { get; init; }

    public required IProcessBoundary Boundary { get; init; }

    public required OutputPipe Output { get; init; }

    public required ControlGroup Group { get; init; }

    public required MemoryWatch MemoryWatch { get; init; }

    public required ControlGroupLimits Limits { get; init; }

    public FrameListener? Frames { get; init; }

    public PlatformListener? Platform { get; init; }

    public string? PlatformAddress { get; init; }

    /// <summary>Makes code and layers appear inside; null where they were there from the start.</summary>
    public Func<string, string?, Task<SandboxPaths>>? Attach { get; init; }

    /// <summary>Says what to run; null where the program was started with the sandbox.</summary>
    public GateWriter? Gate { get; init; }

    /// <summary>Runs when nothing of the environment remains.</summary>
    public Action Released { get; init; } = () => { };
}

/// <summary>Where an environment's processes are kept together, so that none is forgotten.</summary>
internal interface IProcessBoundary : IDisposable
{
    /// <summary>Kills everything inside. May be called at any time, from any thread, and again.</summary>
    void Kill();

    /// <summary>Completes when the last process inside is gone; call after <see cref="Kill"/>.</summary>
    Task EmptiedAsync();
}

/// <summary>A started environment, whatever its driver.</summary>
internal sealed class RunningSandbox : SandboxProcess
{
    private readonly RunningSandboxParts parts;
    private readonly MemoryWatchEntry memory;
    private readonly Task<SandboxExit> exited;
    private readonly Lock gate = new();
    private Func<string, string?, Task<SandboxPaths>>? attach;
    private GateWriter? gateWriter;
    private Task? disposing;
    private long peakMemoryBytes;

    public RunningSandbox(RunningSandboxParts parts)
    {
        this.parts = parts;
        attach = parts.Attach;
        gateWriter = parts.Gate;
        memory = parts.MemoryWatch.Watch(parts.Group, parts.Limits.AnonymousBytesMax, Kill);
        exited = FollowAsync();
    }

    public override string EnvironmentId => parts.EnvironmentId;

    public override Task<SandboxExit> Exited => exited;

    public override string? PlatformAddress => parts.PlatformAddress;

    public override Action<ReadOnlyMemory<byte>>? Output
    {
        get => parts.Output.Output;
        set => parts.Output.Output = value;
    }

    public override Action<long, long>? OutputDropped
    {
        get => parts.Output.Dropped;
        set => parts.Output.Dropped = value;
    }

    public override long PeakMemoryBytes
    {
        get
        {
            // The kernel gathers a control group's statistics with a delay of seconds; those of processes are current.
            var now = Math.Max(memory.ReadPeakBytes(), ProcessTree.ReadAnonymousBytes(parts.Process.Id));
            lock (gate)
            {
                return peakMemoryBytes = Math.Max(peakMemoryBytes, now);
            }
        }
    }

    public override ProcessorUse? ReadProcessorUse()
    {
        var threads = ProcessTree.ReadProcessorUse(parts.Process.Id);
        try
        {
            // The group's account includes threads that have ended.
            return threads with { Used = parts.Group.ReadProcessorTime() ?? threads.Used };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The group is gone because the environment is.
            return null;
        }
    }

    public override Task<Socket> AcceptFramesAsync(CancellationToken cancellation) =>
        parts.Frames?.AcceptAsync(exited, cancellation)
        ?? throw new InvalidOperationException("The environment was started without a frame socket.");

    public override ValueTask DrainOutputAsync() => parts.Output.DrainAsync();

    public override Task<SandboxPaths> AttachCodeAsync(string codeFolder, string? layersFolder) =>
        Interlocked.Exchange(ref attach, null)?.Invoke(codeFolder, layersFolder)
        ?? throw new InvalidOperationException("The environment has its code.");

    public override void Begin(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables, string workingFolder)
    {
        using var writer = Interlocked.Exchange(ref gateWriter, null)
            ?? throw new InvalidOperationException("The environment has its program.");
        try
        {
            writer.Open(command, variables, workingFolder);
        }
        catch (Exception exception)
        {
            Kill();
            if (exception is SandboxStartException)
            {
                throw;
            }

            throw SandboxStartException.Because($"The program could not be started: {exception.Message}", exception);
        }
    }

    public override void EndYielding() => parts.Group.Weigh(parts.Limits.CoresWhileStarting);

    public override void WeighByMemory() => parts.Group.Weigh(parts.Limits.Cores);

    public override void LimitProcessor()
    {
        try
        {
            parts.Group.LimitProcessor(parts.Limits.Cores);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The group is gone because the environment is.
        }
    }

    public override bool EndIfOutgrown()
    {
        try
        {
            memory.Examine();
            return memory.HasExceeded;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The group is gone because the environment is.
            return memory.HasExceeded;
        }
    }

    public override void Kill() => parts.Boundary.Kill();

    public override ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposing ??= RemoveAsync();
        }

        return new ValueTask(disposing);
    }

    private async Task<SandboxExit> FollowAsync()
    {
        var status = await parts.Process.Exited;
        // What the program started and left behind goes with it.
        parts.Boundary.Kill();
        await parts.Boundary.EmptiedAsync();
        await parts.Output.CloseAsync();
        return new SandboxExit(status, IsOutOfMemory(status));
    }

    private bool IsOutOfMemory(int status)
    {
        const int killed = 137;
        try
        {
            // A child that the kernel killed and its parent survived is the function's own affair.
            return memory.HasExceeded || (status == killed && parts.Group.HasKilledForMemory());
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task RemoveAsync()
    {
        Kill();
        await exited;
        memory.Dispose();
        Interlocked.Exchange(ref gateWriter, null)?.Dispose();
        parts.Frames?.Dispose();
        if (parts.Platform is { } platform)
        {
            await platform.DisposeAsync();
        }

        parts.Boundary.Dispose();
        await parts.Group.DisposeAsync();
        RunFolder.Delete(parts.Folder);
        parts.Released();
    }
}
