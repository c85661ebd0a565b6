using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// A connection to a receiver of syslog. Over TCP and TLS a batch counts as sent when the other side's machine has
/// acknowledged all of it, as far as the operating system tells (Linux does).
/// </summary>
internal sealed class SyslogConnection : IDisposable
{
    private const int TcpInfoBytes = 148;
    private const int ProtocolTcp = 6;
    private const int OptionTcpInfo = 11;
    private const byte Established = 1;
    private const int UnacknowledgedOffset = 24;
    private const int UnsentOffset = 144;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LookMax = TimeSpan.FromMilliseconds(20);

    private readonly Socket socket;
    private readonly Stream? stream;
    private readonly TimeProvider time;

    private SyslogConnection(Socket socket, Stream? stream, TimeProvider time) =>
        (this.socket, this.stream, this.time) = (socket, stream, time);

    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">The other side speaks no TLS, or its certificate is not trusted.</exception>
    public static async Task<SyslogConnection> OpenAsync(Uri target, TimeProvider time, CancellationToken stopping)
    {
        var datagrams = target.Scheme == "udp";
        var socket = datagrams
            ? new Socket(SocketType.Dgram, ProtocolType.Udp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var limit = new CancellationTokenSource(ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            await socket.ConnectAsync(target.Host, target.Port, either.Token);
            if (datagrams)
            {
                return new SyslogConnection(socket, null, time);
            }

            Stream stream = new NetworkStream(socket);
            if (target.Scheme == "tls")
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = target.Host }, either.Token);
                stream = secure;
            }

            return new SyslogConnection(socket, stream, time);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            throw failure is OperationCanceledException && !stopping.IsCancellationRequested
                ? new IOException("no connection within 5 s", failure)
                : failure;
        }
    }

    /// <exception cref="IOException">The connection is broken, or the batch was not acknowledged in time.</exception>
    /// <exception cref="SocketException">A datagram was refused.</exception>
    public async Task SendAsync(IReadOnlyList<NumberedLine> lines, CancellationToken stopping)
    {
        if (stream is null)
        {
            foreach (var line in lines)
            {
                await socket.SendAsync(SyslogMessage.Encode(line.Entry), stopping);
            }

            return;
        }

        var batch = new ArrayBufferWriter<byte>(64 * 1024);
        foreach (var line in lines)
        {
            SyslogMessage.WriteFramed(batch, SyslogMessage.Encode(line.Entry));
        }

        using var limit = new CancellationTokenSource(AcknowledgeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            ThrowWhenClosed();
            await stream.WriteAsync(batch.WrittenMemory, either.Token);
            await stream.FlushAsync(either.Token);
            for (var look = LookMin; !IsAcknowledged(); look = look + look < LookMax ? look + look : LookMax)
            {
                await Task.Delay(look, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new IOException("not acknowledged within 10 s");
        }
    }

    public void Dispose()
    {
        stream?.Dispose();
        socket.Dispose();
    }

    private void ThrowWhenClosed()
    {
        // A receiver of syslog says nothing: something to read is its end.
        if (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
        {
            throw new IOException("the receiver closed the connection");
        }
    }

    private bool IsAcknowledged()
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> info = stackalloc byte[TcpInfoBytes];
        var length = socket.GetRawSocketOption(ProtocolTcp, OptionTcpInfo, info);
        if (length < TcpInfoBytes)
        {
            return true;
        }

        if (info[0] != Established)
        {
            throw new IOException("the receiver closed the connection");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(info[UnacknowledgedOffset..]) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(info[UnsentOffset..]) == 0;
    }
}
