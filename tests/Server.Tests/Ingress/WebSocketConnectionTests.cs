using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Ingress.WebSockets;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Ingress;

public sealed class WebSocketConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connection_without_a_message_for_ten_minutes_is_closed_with_1001()
    {
        await using var pair = await Pair.OpenAsync();
        pair.Time.Advance(TimeSpan.FromMinutes(9));
        await pair.Client.SendAsync("m"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        await pair.Handled.WaitAsync(Patience);
        pair.Time.Advance(TimeSpan.FromMinutes(9));
        pair.Client.State.ShouldBe(WebSocketState.Open);
        var closing = pair.CloseOfClientAsync();
        closing.IsCompleted.ShouldBeFalse();
        pair.Time.Advance(TimeSpan.FromMinutes(1.1));
        (await closing).ShouldBe(1001);
        await pair.Running.WaitAsync(Patience);
        pair.Connection.CloseStatus.ShouldBe(1001);
    }

    [Fact]
    public async Task Connection_is_closed_after_two_hours_however_busy()
    {
        await using var pair = await Pair.OpenAsync();
        var closing = pair.CloseOfClientAsync();
        for (var minutes = 0; minutes < 119; minutes++)
        {
            (await pair.Connection.SendAsync("push"u8.ToArray(), WebSocketMessageType.Text)).ShouldBe(SendOutcome.Sent);
            pair.Time.Advance(TimeSpan.FromMinutes(1));
        }

        closing.IsCompleted.ShouldBeFalse();
        pair.Time.Advance(TimeSpan.FromMinutes(1.1));
        (await closing).ShouldBe(1001);
    }

    [Fact]
    public async Task Client_that_does_not_answer_a_close_is_cut_off()
    {
        await using var pair = await Pair.OpenAsync();
        var closing = pair.Connection.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye");
        (await pair.Client.ReceiveAsync(new byte[10], CancellationToken.None)).CloseStatus
            .ShouldBe(WebSocketCloseStatus.NormalClosure);
        pair.Time.Advance(TimeSpan.FromSeconds(11));
        await closing.WaitAsync(Patience);
        await pair.Running.WaitAsync(Patience);
        (await pair.Connection.SendAsync("late"u8.ToArray(), WebSocketMessageType.Text)).ShouldBe(SendOutcome.Gone);
    }

    [Fact]
    public async Task Messages_that_wait_for_a_connection_are_bounded_in_number_and_time()
    {
        var time = new VirtualTime();
        using var connection = new WebSocketConnection(
            WebSocket.CreateFromStream(new StuckStream(), new WebSocketCreationOptions { IsServer = true }),
            Pair.NewPeer(time),
            time);
        var message = new byte[100];
        var waiting = Enumerable.Range(0, Limits.WebSocketSendsWaitingMax)
            .Select(_ => connection.SendAsync(message, WebSocketMessageType.Text)).ToList();
        waiting.ShouldAllBe(sending => !sending.IsCompleted);
        (await connection.SendAsync(message, WebSocketMessageType.Text)).ShouldBe(SendOutcome.Busy);
        time.Advance(TimeSpan.FromSeconds(11));
        (await Task.WhenAll(waiting).WaitAsync(Patience)).ShouldAllBe(outcome => outcome == SendOutcome.Gone);
    }

    [Fact]
    public async Task Places_of_an_account_are_bounded_and_end_with_the_server()
    {
        var connections = new WebSocketConnections(TimeProvider.System);
        var (first, second) = (AccountId.Root, AccountId.Parse("111122223333"));
        for (var index = 0; index < Limits.WebSocketConnectionsMax; index++)
        {
            connections.Reserve(first).ShouldBeNull();
        }

        connections.Reserve(first)!.Code.ShouldBe(ErrorCode.LimitExceeded);
        connections.Reserve(second).ShouldBeNull();
        connections.Release(first);
        connections.Reserve(first).ShouldBeNull();

        var closing = connections.CloseAllAsync(Patience);
        connections.Reserve(second)!.Code.ShouldBe(ErrorCode.Draining);
        for (var index = 0; index < Limits.WebSocketConnectionsMax; index++)
        {
            connections.Release(first);
        }

        closing.IsCompleted.ShouldBeFalse();
        connections.Release(second);
        await closing.WaitAsync(Patience);
    }

    /// <summary>Both ends of a connection over loopback; the server's clock is the test's.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly TaskCompletionSource handled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public required VirtualTime Time { get; init; }

        public required WebSocketConnection Connection { get; init; }

        public required WebSocket Client { get; init; }

        public Task Running { get; private set; } = Task.CompletedTask;

        public Task Handled => handled.Task;

        public static async Task<Pair> OpenAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            var server = await listener.AcceptTcpClientAsync();
            var time = new VirtualTime();
            var socket = WebSocket.CreateFromStream(
                server.GetStream(), new WebSocketCreationOptions { IsServer = true });
            var pair = new Pair
            {
                Time = time,
                Connection = new WebSocketConnection(socket, NewPeer(time), time),
                Client = WebSocket.CreateFromStream(client.GetStream(), new WebSocketCreationOptions()),
            };
            pair.Running = pair.Connection.RunAsync((_, _) =>
            {
                pair.handled.TrySetResult();
                return Task.CompletedTask;
            });
            return pair;
        }

        public static WebSocketPeer NewPeer(VirtualTime time) => new(
            "id", new FunctionId(AccountId.Root, "f"), null, time.GetUtcNow(), "127.0.0.1", "", "localhost", null);

        /// <summary>Reads until the server closes, and answers it.</summary>
        public async Task<int> CloseOfClientAsync()
        {
            while (true)
            {
                var received = await Client.ReceiveAsync(new byte[100], CancellationToken.None).WaitAsync(Patience);
                if (received.CloseStatus is { } status)
                {
                    await Client.CloseOutputAsync(status, "", CancellationToken.None);
                    return (int)status;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Running.WaitAsync(Patience);
            Connection.Dispose();
        }
    }

    /// <summary>The connection of a client that reads nothing and says nothing.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
