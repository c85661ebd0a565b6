using System.Net.Sockets;
using System.Text;
using Lambent.Protocol.Frames;

namespace Lambent.Sandbox.Tests.Channels;

/// <summary>
/// The other end of a frame socket, driven by the test: it reads what the host sent and answers by hand.
/// </summary>
internal sealed class FakeShim : IDisposable
{
    private FakeShim(Socket host, Socket shim)
    {
        Host = host;
        Shim = shim;
    }

    /// <summary>The end for the channel under test.</summary>
    public Socket Host { get; }

    private Socket Shim { get; }

    public static async Task<FakeShim> ConnectAsync()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lambent-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var shim = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var connecting = shim.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var host = await listener.AcceptAsync();
        await connecting;
        File.Delete(path);
        return new FakeShim(host, shim);
    }

    public async Task SendAsync(FrameKind kind, uint callId, string payload = "", byte flags = 0)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var frame = new byte[FrameHeader.Size + bytes.Length];
        new FrameHeader(bytes.Length, kind, flags, callId).Write(frame);
        bytes.CopyTo(frame.AsSpan(FrameHeader.Size));
        await SendRawAsync(frame);
    }

    public async Task SendRawAsync(byte[] bytes)
    {
        var sent = 0;
        while (sent < bytes.Length)
        {
            sent += await Shim.SendAsync(bytes.AsMemory(sent));
        }
    }

    public async Task<(FrameHeader Header, byte[] Payload)> ReceiveAsync()
    {
        var header = FrameHeader.Read(await ReadAsync(FrameHeader.Size));
        return (header, await ReadAsync(header.PayloadLength));
    }

    /// <summary>Greets and loads the function at once, as a shim with a good handler does.</summary>
    public async Task LoadAsync()
    {
        await SendAsync(FrameKind.Hello, 0, """{"protocol":1}""");
        (await ReceiveAsync()).Header.Kind.ShouldBe(FrameKind.Specialize);
        await SendAsync(FrameKind.Ready, 0);
    }

    public void Dispose() => Shim.Dispose();

    private async Task<byte[]> ReadAsync(int length)
    {
        var buffer = new byte[length];
        var received = 0;
        while (received < length)
        {
            var count = await Shim.ReceiveAsync(buffer.AsMemory(received));
            count.ShouldBeGreaterThan(0, "the host closed the connection");
            received += count;
        }

        return buffer;
    }
}
