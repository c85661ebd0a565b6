using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Server.Telemetry.Exports;
using Lambent.Server.Tests.Functions;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Telemetry;

public sealed class SyslogExportTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-syslog-");
    private readonly TelemetryStore store;
    private readonly CancellationTokenSource limit = new(Patience);
    private ExportLoop? export;

    public SyslogExportTests() => store = TelemetryStore.Open(
        new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (export is not null)
        {
            await export.DisposeAsync();
        }

        store.Dispose();
        limit.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Nothing_isLost_whenTheReceiverIsAwayForAWhile()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        var endPoint = (IPEndPoint)first.LocalEndpoint;
        Begin($"tcp://127.0.0.1:{endPoint.Port}");
        await WriteAsync(0, 50);
        var received = new HashSet<string>();
        using (var connection = await first.AcceptTcpClientAsync(limit.Token))
        {
            await ReadAsync(connection, received, 50);
        }

        first.Stop();
        await WriteAsync(50, 500);
        using var second = new TcpListener(endPoint);
        second.Start();
        using (var connection = await second.AcceptTcpClientAsync(limit.Token))
        {
            await ReadAsync(connection, received, 500);
        }

        received.Count.ShouldBe(500);
        export!.Meter.DroppedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Position_outlivesARestart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await WriteAsync(0, 3); // Before the first start: not sent.
        Begin(url);
        await export!.DisposeAsync();
        export = null;
        await store.Exports.PutPositionAsync($"syslog {new Uri(url)}", 3);
        await WriteAsync(3, 6);
        Begin(url);
        using var connection = await listener.AcceptTcpClientAsync(limit.Token);
        var received = new HashSet<string>();
        await ReadAsync(connection, received, 3);
        received.Order().ShouldBe(["line 3", "line 4", "line 5"]);
    }

    [Fact]
    public async Task Lines_wait_for_a_receiver_that_was_never_there_before_a_restart()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        var endPoint = (IPEndPoint)first.LocalEndpoint;
        first.Stop();
        var url = $"tcp://127.0.0.1:{endPoint.Port}";
        Begin(url);
        await WriteAsync(0, 3);
        await export!.DisposeAsync();
        export = null;
        using var listener = new TcpListener(endPoint);
        listener.Start();
        Begin(url);
        using var connection = await listener.AcceptTcpClientAsync(limit.Token);
        var received = new HashSet<string>();
        await ReadAsync(connection, received, 3);
        received.Order().ShouldBe(["line 0", "line 1", "line 2"]);
    }

    [Fact]
    public async Task Log_thatBeginsAnew_isFollowedAgain()
    {
        await WriteAsync(0, 10);
        await store.PruneAsync(TimeProvider.System.GetUtcNow().AddDays(1));
        await WriteAsync(10, 11);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        // Everything was removed, so numbers begin anew: the one line there is has number 1.
        await store.Exports.PutPositionAsync($"syslog {new Uri(url)}", 0);
        Begin(url);
        using var connection = await listener.AcceptTcpClientAsync(limit.Token);
        var received = new HashSet<string>();
        await ReadAsync(connection, received, 1);
        received.Single().ShouldBe("line 10");
    }

    [Fact]
    public async Task Lines_of_other_accounts_are_not_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var other = AccountId.Parse("111122223333");
        Begin($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", other);
        await WriteAsync(0, 3);
        store.Write(new LogLine(
            new FunctionId(other, "g"), "1", "e", null, TimeProvider.System.GetUtcNow(), "theirs"));
        await store.FlushAsync();
        using var connection = await listener.AcceptTcpClientAsync(limit.Token);
        var received = new HashSet<string>();
        await ReadAsync(connection, received, 1);
        received.Single().ShouldBe("theirs");
    }

    [Fact]
    public async Task Datagram_isOneMessage()
    {
        using var receiver = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        Begin($"udp://127.0.0.1:{((IPEndPoint)receiver.Client.LocalEndPoint!).Port}");
        await WriteAsync(0, 1);
        var datagram = await receiver.ReceiveAsync(limit.Token);
        Encoding.UTF8.GetString(datagram.Buffer).ShouldEndWith("] line 0");
    }

    [Fact]
    public void Message_hasTheFormOfTheStandard()
    {
        var entry = new LogEntry(
            TestFunctions.Id("f"), "$LATEST", "env \"]\\ 1", "r1",
            new DateTimeOffset(2026, 11, 21, 8, 0, 0, 123, TimeSpan.Zero), LogEntryKind.Line, "two\nlines\n")
        {
            Level = LineLevel.Error,
        };
        var text = Encoding.UTF8.GetString(SyslogMessage.Encode(entry));
        text.ShouldStartWith("<131>1 2026-11-21T08:00:00.123000Z ");
        text.ShouldContain(" f env_\"]\\_1 $LATEST [lambent@32473 account=\"000000000000\" function=\"f\" ");
        text.ShouldContain("environment=\"env \\\"\\]\\\\ 1\" requestId=\"r1\"] two\nlines");
        var cut = SyslogMessage.Encode(entry with { Text = new string('é', 10_000) });
        cut.Length.ShouldBeLessThan(8_192);
        Encoding.UTF8.GetString(cut).ShouldEndWith("bytes cut]");
    }

    private void Begin(string url, params AccountId[] accounts)
    {
        var meter = new ExportMeter();
        var sender = new SyslogSender(
            store.Exports, new Uri(url), new ExportAccounts(accounts), meter, TimeProvider.System);
        export = ExportLoop.Start(
            sender, meter, store.Exports, TimeProvider.System, NullLogger<ExportLoop>.Instance);
    }

    private async Task WriteAsync(int first, int end)
    {
        for (var number = first; number < end; number++)
        {
            store.Write(new LogLine(
                TestFunctions.Id("f"), "$LATEST", "e", null, TimeProvider.System.GetUtcNow(), $"line {number}"));
        }

        await store.FlushAsync();
    }

    /// <summary>Reads messages, each behind its length, until so many different ones have come.</summary>
    private async Task ReadAsync(TcpClient connection, HashSet<string> received, int count)
    {
        var stream = connection.GetStream();
        var one = new byte[1];
        while (received.Count < count)
        {
            var length = new StringBuilder();
            while (await stream.ReadAsync(one, limit.Token) == 1 && one[0] != ' ')
            {
                length.Append((char)one[0]);
            }

            var message = new byte[int.Parse(length.ToString(), CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(message, limit.Token);
            var text = Encoding.UTF8.GetString(message);
            received.Add(text[(text.IndexOf("] ", StringComparison.Ordinal) + 2)..]);
        }
    }
}
