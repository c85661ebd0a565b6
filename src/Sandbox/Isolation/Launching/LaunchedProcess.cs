using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Launching;

/// <summary>A child of this program. Its number cannot be reused before <see cref="Exited"/> completes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The descriptor is closed when the process has ended.")]
internal sealed unsafe class LaunchedProcess
{
    private const int WaitForDescriptor = 3;
    private const int WaitForGroup = 2;
    private const int OptionNoHang = 1;
    private const int OptionExited = 4;
    private const int CodeExited = 1;

    private readonly Reactor reactor;
    private readonly Descriptor descriptor;
    private readonly ulong token;
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LaunchedProcess(Reactor reactor, int id)
    {
        this.reactor = reactor;
        Id = id;
        descriptor = new Descriptor(NativeException.Check(Libc.OpenProcess(id), "pidfd_open"));
        token = reactor.Add(descriptor, OnExit);
    }

    public int Id { get; }

    /// <summary>The exit status; 128 plus the number for a signal.</summary>
    public Task<int> Exited => exited.Task;

    /// <summary>
    /// Starts a program from the reactor's thread. The thread matters: "die with the parent" follows the thread that
    /// started the child, and this one lives as long as the program.
    /// </summary>
    public static Task<LaunchedProcess> StartAsync(Reactor reactor, LaunchRequest request) =>
        reactor.RunAsync(() => new LaunchedProcess(reactor, SpawnCall.Start(request)));

    /// <summary>Kills the process; nothing happens when it is already gone.</summary>
    public void Kill()
    {
        if (!exited.Task.IsCompleted)
        {
            Signal(descriptor);
        }
    }

    /// <summary>Collects what is left of the process group that the process led, as its adopted children.</summary>
    public void CollectGroup()
    {
        var information = stackalloc byte[128];
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(information + 16, 4), 0);
        while (Libc.WaitId(WaitForGroup, (uint)Id, information, OptionNoHang | OptionExited, 0) == 0
            && BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(information + 16, 4)) != 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(information + 16, 4), 0);
        }
    }

    /// <summary>Sends SIGKILL through a descriptor of a process.</summary>
    public static void Signal(Descriptor process)
    {
        try
        {
            using var held = process.Hold();
            _ = Libc.SignalProcess(held.Number, Libc.SignalKill);
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>
    /// Takes the exit status of a child; null when it is not, or not any more, a child of this program.
    /// </summary>
    public static int? Collect(Descriptor process)
    {
        var information = stackalloc byte[128];
        var result = Libc.WaitId(WaitForDescriptor, (uint)process.Number, information, OptionNoHang | OptionExited, 0);
        if (result != 0)
        {
            return null;
        }

        var code = BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(information + 8, 4));
        var status = BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(information + 24, 4));
        return code == CodeExited ? status : 128 + status;
    }

    private void OnExit()
    {
        reactor.Remove(token, descriptor);
        // Not a child any more only where the program was started with SIGCHLD ignored; the status is then lost.
        var status = Collect(descriptor) ?? 255;
        descriptor.Dispose();
        exited.TrySetResult(status);
    }
}
