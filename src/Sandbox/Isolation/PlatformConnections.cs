using System.Net.Sockets;
using System.Threading.Channels;

namespace Lambent.Sandbox.Isolation;

/// <summary>
/// The connections that functions open to the platform (127.0.0.1:9001 inside). Each environment has a listener of its
/// own, in its own network, so which environment a connection belongs to cannot be forged from inside.
/// </summary>
public sealed class PlatformConnections
{
    /// <summary>
    /// Connections that one environment may have open at a time. Further ones wait in the kernel's queue.
    /// </summary>
    public const int PerEnvironmentMax = 128;

    private const int WaitingMax = 256;

    private readonly Channel<PlatformConnection> accepted =
        Channel.CreateBounded<PlatformConnection>(WaitingMax);

    /// <summary>The next connection, from whichever environment. The taker closes it with its Dispose.</summary>
    public ValueTask<PlatformConnection> AcceptAsync(CancellationToken cancellation) =>
        accepted.Reader.ReadAsync(cancellation);

    /// <summary>Accepts on <paramref name="listener"/> until the result is disposed, which closes it.</summary>
    internal PlatformListener Listen(string environmentId, Socket listener) =>
        new(environmentId, listener, accepted.Writer);
}

/// <summary>One open connection from inside an environment.</summary>
public sealed class PlatformConnection : IDisposable
{
    private readonly SemaphoreSlim slots;
    private int disposed;

    internal PlatformConnection(string environmentId, Socket socket, SemaphoreSlim slots)
    {
        EnvironmentId = environmentId;
        Socket = socket;
        this.slots = slots;
    }

    public string EnvironmentId { get; }

    public Socket Socket { get; }

    /// <summary>Closes the socket and makes room for another connection of the environment.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            Socket.Dispose();
            slots.Release();
        }
    }
}

/// <summary>The listener inside one environment.</summary>
internal sealed class PlatformListener : IAsyncDisposable
{
    private readonly string environmentId;
    private readonly Socket listener;
    private readonly ChannelWriter<PlatformConnection> accepted;
    private readonly SemaphoreSlim slots = new(PlatformConnections.PerEnvironmentMax);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    public PlatformListener(string environmentId, Socket listener, ChannelWriter<PlatformConnection> accepted)
    {
        this.environmentId = environmentId;
        this.listener = listener;
        this.accepted = accepted;
        accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await slots.WaitAsync(stopping.Token);
                var socket = await listener.AcceptAsync(stopping.Token);
                socket.NoDelay = true;
                var connection = new PlatformConnection(environmentId, socket, slots);
                try
                {
                    await accepted.WriteAsync(connection, stopping.Token);
                }
                catch (OperationCanceledException)
                {
                    connection.Dispose();
                    throw;
                }
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The environment is going.
        }
    }
}
