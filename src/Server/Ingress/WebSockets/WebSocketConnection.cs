using System.Buffers;
using System.Net.WebSockets;
using Lambent.Kernel;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Ingress.WebSockets;

/// <summary>How sending a message to a connection ended.</summary>
internal enum SendOutcome
{
    Sent,

    /// <summary>The connection is closed, or the other side did not read in time and was cut off.</summary>
    Gone,

    /// <summary>Too many messages wait for this connection already.</summary>
    Busy,
}

/// <summary>
/// One open WebSocket. Messages are taken by its one loop and sent by anyone; it ends itself when it was idle or open
/// for too long.
/// </summary>
internal sealed class WebSocketConnection : IDisposable
{
    /// <summary>How long the other side may take to read a message, or to answer a close.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int BufferBytesUsual = 4 * Limits.KiB;

    private readonly WebSocket socket;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly SemaphoreSlim sending = new(1);
    private readonly SemaphoreSlim handling = new(1);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int sendsWaiting;
    private int closing;
    private long lastActiveTicks;

    public WebSocketConnection(WebSocket socket, WebSocketPeer peer, TimeProvider time)
    {
        this.socket = socket;
        this.time = time;
        Peer = peer;
        lastActiveTicks = peer.ConnectedAt.UtcTicks;
        timer = time.CreateTimer(_ => EndWhenDue(), null, Limits.WebSocketIdleMax, Timeout.InfiniteTimeSpan);
    }

    public WebSocketPeer Peer { get; }

    public DateTimeOffset LastActiveAt => new(Interlocked.Read(ref lastActiveTicks), TimeSpan.Zero);

    /// <summary>The status the connection was closed with, by whichever side was first; 1006 when it broke.</summary>
    public int CloseStatus { get; private set; } = 1006;

    public string CloseReason { get; private set; } = "";

    /// <summary>
    /// Takes messages until the connection is closed, one at a time: the next is read when the last was handled, so
    /// that a slow handler slows the sender.
    /// </summary>
    /// <param name="handle">Takes a message that is valid until it returns. Must not throw.</param>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, WebSocketMessageType, Task> handle)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytesUsual);
        try
        {
            while (true)
            {
                (buffer, var length, var type) = await ReceiveAsync(buffer);
                if (type == WebSocketMessageType.Close)
                {
                    break;
                }

                if (Volatile.Read(ref closing) != 0)
                {
                    // What was under way when the close was sent is not handled any more.
                    continue;
                }

                if (length > Limits.WebSocketMessageBytesMax)
                {
                    _ = CloseAsync(
                        WebSocketCloseStatus.MessageTooBig,
                        $"A message has at most {Limits.WebSocketMessageBytesMax} bytes.");
                    continue;
                }

                Touch();
                await handling.WaitAsync();
                await handle(buffer.AsMemory(0, length), type);
                handling.Release();
            }

            if (Interlocked.Exchange(ref closing, 1) == 0)
            {
                CloseStatus = (int)(socket.CloseStatus ?? WebSocketCloseStatus.Empty);
                CloseReason = socket.CloseStatusDescription ?? "";
                await CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, "");
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection broke, or was cut off.
        }
        finally
        {
            Interlocked.Exchange(ref closing, 1);
            closed.TrySetResult();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends a message; waits until the other side's connection has taken it.</summary>
    public async Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        if (Volatile.Read(ref closing) != 0)
        {
            return SendOutcome.Gone;
        }

        if (Interlocked.Increment(ref sendsWaiting) > Limits.WebSocketSendsWaitingMax)
        {
            Interlocked.Decrement(ref sendsWaiting);
            return SendOutcome.Busy;
        }

        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await sending.WaitAsync(limit.Token);
            try
            {
                await socket.SendAsync(message, type, endOfMessage: true, limit.Token);
            }
            finally
            {
                sending.Release();
            }

            Touch();
            return SendOutcome.Sent;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            socket.Abort();
            return SendOutcome.Gone;
        }
        finally
        {
            Interlocked.Decrement(ref sendsWaiting);
        }
    }

    /// <summary>
    /// Closes with a status, and cuts the connection off when the other side does not answer. The first one to close
    /// decides the status.
    /// </summary>
    /// <param name="status">The status for the other side.</param>
    /// <param name="reason">At most 123 bytes.</param>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        if (Interlocked.Exchange(ref closing, 1) != 0)
        {
            return;
        }

        (CloseStatus, CloseReason) = ((int)status, reason);
        await CloseOutputAsync(status, reason);
        try
        {
            await closed.Task.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            socket.Abort();
        }
    }

    /// <summary>The same, when the message that is being handled has had its reply.</summary>
    public async Task CloseAfterMessageAsync(WebSocketCloseStatus status, string reason, TimeSpan limit)
    {
        using var waiting = new CancellationTokenSource(limit, time);
        try
        {
            await handling.WaitAsync(waiting.Token);
            handling.Release();
        }
        catch (OperationCanceledException)
        {
            // The handler takes longer than the server has: its reply is lost.
        }

        await CloseAsync(status, reason);
    }

    /// <summary>After the loop has ended.</summary>
    public void Dispose()
    {
        timer.Dispose();
        socket.Dispose();
    }

    private async Task CloseOutputAsync(WebSocketCloseStatus status, string reason)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await sending.WaitAsync(limit.Token);
            try
            {
                await socket.CloseOutputAsync(status, reason, limit.Token);
            }
            finally
            {
                sending.Release();
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            socket.Abort();
        }
    }

    /// <summary>A message, of which no more is kept than shows that it is too long.</summary>
    private async ValueTask<(byte[] Buffer, int Length, WebSocketMessageType Type)> ReceiveAsync(byte[] buffer)
    {
        if (buffer.Length > BufferBytesUsual * 4)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(BufferBytesUsual);
        }

        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            length += received.Count;
            if (received.EndOfMessage || received.MessageType == WebSocketMessageType.Close)
            {
                return (buffer, length, received.MessageType);
            }

            if (length > Limits.WebSocketMessageBytesMax && Volatile.Read(ref closing) == 0)
            {
                return (buffer, length, received.MessageType);
            }

            if (Volatile.Read(ref closing) != 0)
            {
                length = 0;
            }
        }
    }

    private void Touch() => Interlocked.Exchange(ref lastActiveTicks, time.GetUtcNow().UtcTicks);

    private void EndWhenDue()
    {
        var now = time.GetUtcNow();
        var idleEnd = LastActiveAt + Limits.WebSocketIdleMax;
        var lifeEnd = Peer.ConnectedAt + Limits.WebSocketLifetimeMax;
        var due = idleEnd < lifeEnd ? idleEnd : lifeEnd;
        if (due > now)
        {
            timer.Change(due - now, Timeout.InfiniteTimeSpan);
            return;
        }

        var reason = due == lifeEnd ? "The connection is at its longest duration." : "The connection was idle.";
        _ = CloseAfterMessageAsync(WebSocketCloseStatus.EndpointUnavailable, reason, Patience);
    }

    private static bool IsBroken(Exception exception) => exception is WebSocketException or OperationCanceledException
        or IOException or ObjectDisposedException or InvalidOperationException;
}

/// <summary>Who is at the other end of a connection, and what it is connected to.</summary>
/// <param name="Id">Unguessable: what a message is sent to.</param>
/// <param name="Function">The function whose URL took the connection.</param>
/// <param name="Qualifier">The URL's alias, or null.</param>
/// <param name="ConnectedAt">When.</param>
/// <param name="SourceIp">From where.</param>
/// <param name="UserAgent">With what, or empty.</param>
/// <param name="DomainName">The host that the upgrade was sent to.</param>
/// <param name="CallerArn">Who signed the upgrade, or null.</param>
internal sealed record WebSocketPeer(
    string Id,
    FunctionId Function,
    string? Qualifier,
    DateTimeOffset ConnectedAt,
    string SourceIp,
    string UserAgent,
    string DomainName,
    string? CallerArn);
