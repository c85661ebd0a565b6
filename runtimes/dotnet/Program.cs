using System.Net.Sockets;
using System.Text;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Frames;

namespace Lambent.Runtime.Dotnet;

/// <summary>
/// The process inside an execution environment of a .NET function: connects to the host, says Hello, and hands frames
/// to the environment until the host goes (docs/reference/frame-protocol.md).
/// </summary>
internal static class Program
{
    private const int ProtocolVersion = 1;
    private const string SocketVariable = "LAMBENT_SOCKET";

    private static int Main()
    {
        string? path = Environment.GetEnvironmentVariable(SocketVariable);
        Environment.SetEnvironmentVariable(SocketVariable, null);
        if (string.IsNullOrEmpty(path))
        {
            Console.Error.WriteLine($"{SocketVariable} is not set: this program is started by the Lambent host.");
            return 2;
        }
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            ProcessExit.Leave();
        }
        var writer = new FrameWriter(socket);
        writer.Write(FrameKind.Hello, 0, 0, Encoding.UTF8.GetBytes(
            $$"""{"protocol":{{ProtocolVersion}},"runtime":"dotnet","version":"{{Environment.Version}}"}"""));
        var reader = new FrameReader(socket);
        var environment = new ExecutionEnvironment(socket, writer, reader);
        Rehearsal.Start(environment.Specializing);
        reader.Run(environment.Receive);
        // Another thread reads now, and ends the process in its time.
        new ManualResetEvent(false).WaitOne();
        return 0;
    }
}
