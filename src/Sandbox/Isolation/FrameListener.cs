using System.Net.Sockets;

namespace Lambent.Sandbox.Isolation;

/// <summary>
/// The Unix socket to which an environment's shim connects. It takes one connection and is gone: code that runs later
/// in the environment cannot pose as the shim.
/// </summary>
internal sealed class FrameListener : IDisposable
{
    public const string SocketName = "frames.sock";

    private readonly string path;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private int taken;

    public FrameListener(string folder)
    {
        path = Path.Combine(folder, SocketName);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        // The environment's user must be able to connect; the folders above keep everybody else out.
        File.SetUnixFileMode(path, (UnixFileMode)0x1B6);
    }

    /// <param name="exited">When it completes first, the wait ends with <see cref="SandboxEndedException"/>.</param>
    public async Task<Socket> AcceptAsync(Task<SandboxExit> exited, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref taken, 1) != 0)
        {
            throw new InvalidOperationException("The environment's frame connection was already accepted.");
        }

        var accept = listener.AcceptAsync(cancellation).AsTask();
        await Task.WhenAny(accept, exited);
        Dispose();
        try
        {
            return await accept;
        }
        catch (Exception exception) when (exited.IsCompleted && exception is SocketException or ObjectDisposedException)
        {
            throw new SandboxEndedException(await exited);
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }
}
