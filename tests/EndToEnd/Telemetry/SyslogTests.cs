using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Lambent.EndToEnd.Telemetry;

/// <summary>Log lines that are sent on to receivers of syslog.</summary>
public sealed class SyslogTests
{
    private const int LinesPerCall = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Rsyslog_that_was_away_for_a_while_has_every_line()
    {
        ToolRun.Require("/usr/sbin/rsyslogd", "rsyslog");
        using var folder = new TemporaryFolder();
        var port = FreePort();
        await File.WriteAllTextAsync(folder["rsyslog.conf"], $"""
            global(workDirectory="{folder.Path}" maxMessageSize="64k")
            module(load="imtcp")
            input(type="imtcp" port="{port}" address="127.0.0.1")
            template(name="text" type="string" string="%msg%\n")
            action(type="omfile" file="{folder["lines"]}" template="text")
            """);
        await using var server = await LambentServer.StartAsync(
            folder["data"], "--syslog", $"tcp://127.0.0.1:{port}");
        await CreateAsync(server);
        using (var first = StartReceiver(folder))
        {
            await server.Root.InvokeAsync("talks", "0");
            await Deadline.PollAsync(() => CountAsync(folder["lines"]), count => count >= LinesPerCall, Limit);
            first.Kill();
            await first.WaitForExitAsync();
        }

        for (var call = 1; call <= 5; call++)
        {
            await server.Root.InvokeAsync("talks", $"{call}");
        }

        using var second = StartReceiver(folder);
        await Deadline.PollAsync(() => CountAsync(folder["lines"]), count => count == 6 * LinesPerCall, Limit);
        second.Kill();
        await second.WaitForExitAsync();
    }

    [Fact]
    public async Task Lines_go_over_tls_to_whom_the_system_trusts_and_to_nobody_else()
    {
        using var folder = new TemporaryFolder();
        using var certificate = MakeCertificate();
        await File.WriteAllTextAsync(folder["trusted.pem"], certificate.ExportCertificatePem());
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = $"tls://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await using (var stranger = await LambentServer.StartAsync(folder["data"], "--syslog", target))
        {
            await CreateAsync(stranger);
            await stranger.Root.InvokeAsync("talks", "1");
            using var refused = await listener.AcceptTcpClientAsync(new CancellationTokenSource(Limit).Token);
            await Should.ThrowAsync<Exception>(() => ReadAsync(refused, certificate, 1));
            await stranger.StopAsync();
        }

        // What it tried again meanwhile.
        while (listener.Pending())
        {
            (await listener.AcceptTcpClientAsync()).Dispose();
        }

        var trust = new Dictionary<string, string> { ["SSL_CERT_FILE"] = folder["trusted.pem"] };
        await using var server = await LambentServer.StartAsync(folder["data"], trust, "--syslog", target);
        using var connection = await listener.AcceptTcpClientAsync(new CancellationTokenSource(Limit).Token);
        var read = await ReadAsync(connection, certificate, LinesPerCall);
        read.ShouldContain("function=\"talks\"");
        read.ShouldContain("line 1.99");
    }

    private static async Task CreateAsync(LambentServer server)
    {
        var package = ZipPackage.Of(("index.mjs", $$"""
            export const handler = async (call) => {
              for (let line = 0; line < {{LinesPerCall}}; line++) console.log(`line ${call}.${line}`);
            };
            """));
        await server.Root.CreateFunctionAsync(
            new FunctionDefinition("talks", "nodejs20.x", "index.handler", package));
    }

    private static Process StartReceiver(TemporaryFolder folder) => Process.Start(
        new ProcessStartInfo(
            "/usr/sbin/rsyslogd", ["-n", "-f", folder["rsyslog.conf"], "-i", folder["pid"]]))!;

    /// <summary>Different lines: what was sent in the last second before a connection broke is sent again.</summary>
    private static async Task<int> CountAsync(string path) =>
        File.Exists(path)
            ? (await File.ReadAllLinesAsync(path)).Where(line => line.Contains("line ")).Distinct().Count()
            : 0;

    private static async Task<string> ReadAsync(TcpClient connection, X509Certificate2 certificate, int messages)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, limit.Token);
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (text.ToString().Split("[lambent@").Length <= messages || !text.ToString().EndsWith($".{messages - 1}"))
        {
            var count = await stream.ReadAsync(buffer, limit.Token);
            count.ShouldBeGreaterThan(0, "The connection was closed.");
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
