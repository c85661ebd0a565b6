using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.EndToEnd.Durability;

/// <summary>How a server ends, how a second one is refused, and what does not end it.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task Termination_waits_for_the_call_in_flight()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("in-flight", "waits"));
        (await server.Root.InvokeAsync("in-flight", """{"id":0,"milliseconds":1}""")).Ok();
        var call = server.Root.InvokeAsync("in-flight", """{"id":1,"milliseconds":1000}""");
        await Deadline.PollAsync(
            () => server.Root.GetAsync("/v1/environments"),
            answer => answer.Text.Contains("\"busy\""),
            TimeSpan.FromSeconds(5));
        server.Signal("TERM");
        ((int?)(await call).Ok()["id"]).ShouldBe(1);
        (await server.ExitAsync()).ShouldBe(0, server.Output);
    }

    [Fact]
    public async Task Second_server_on_the_same_folder_is_refused_and_names_the_first()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        var second = await ToolRun.RunAsync(
            Repository.Program,
            ["up", "--no-samples", "--port", "0", "--data", folder["data"]],
            limit: TimeSpan.FromSeconds(20));
        second.ExitCode.ShouldBe(5, second.Everything);
        second.Errors.ShouldContain(server.ProcessId.ToString());
        (await server.Root.HealthAsync()).Status.ShouldBe(200);
        (await server.StopAsync()).ShouldBe(0, server.Output);
    }

    [Fact]
    public async Task Port_in_use_is_refused_with_a_conflict()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        var second = await ToolRun.RunAsync(
            Repository.Program,
            ["up", "--no-samples", "--port", server.Address.Port.ToString(), "--data", folder["other"]],
            limit: TimeSpan.FromSeconds(20));
        second.ExitCode.ShouldBe(5, second.Everything);
        second.Errors.ShouldContain(server.Address.Port.ToString());
    }

    [Fact]
    public async Task Garbage_on_the_port_leaves_the_server_alive()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        byte[][] attempts =
        [
            RandomNumberGenerator.GetBytes(64 * 1024),
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01],
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: "),
            Encoding.ASCII.GetBytes(
                "POST /2015-03-31/functions/x/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf"),
            Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
            Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"),
            Encoding.ASCII.GetBytes("GET /fn/%00%ff/../../etc/passwd HTTP/1.1\r\nHost: \u0001.localhost\r\n\r\n"),
            Encoding.ASCII.GetBytes(
                $"GET / HTTP/1.1\r\nHost: x\r\nX-Large: {new string('x', 4 * 1024 * 1024)}\r\n\r\n"),
            Encoding.ASCII.GetBytes($"GET /{new string('y', 1024 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n"),
            Encoding.ASCII.GetBytes(
                "GET /v1/status HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 Credential=////, =\r\n\r\n"),
        ];
        foreach (var attempt in attempts)
        {
            await SendAsync(server, attempt);
            (await server.Root.HealthAsync()).Status.ShouldBe(200);
        }

        await server.Root.CreateFunctionAsync(Programs.NodeFunction("after-garbage", "hello"));
        (await server.Root.InvokeAsync("after-garbage")).Ok();
        (await server.StopAsync()).ShouldBe(0, server.Output);
    }

    private static async Task SendAsync(LambentServer server, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        try
        {
            await client.GetStream().WriteAsync(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            var buffer = new byte[4096];
            while (await client.GetStream().ReadAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (Exception closed)
            when (closed is IOException or SocketException or OperationCanceledException or InvalidOperationException)
        {
            // The server may close at once, or wait for the rest of the request.
        }
    }
}
