using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Ingress;

/// <summary>The address that stands for "connections out of sandboxes" in the server's list of listeners.</summary>
internal sealed class EnvironmentEndPoint : EndPoint
{
    public override string ToString() => "environments";
}

/// <summary>Which environment a connection comes out of. Set by the host that accepted it, so nobody can forge it.</summary>
internal sealed record EnvironmentIdentity(string EnvironmentId);

/// <summary>
/// Brings connections that were accepted inside the sandboxes' network namespaces to the web server, each marked with
/// its environment. So the Runtime API and the platform's own APIs are served to functions by the same pipeline.
/// </summary>
internal sealed class EnvironmentTransport(ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const int WaitingConnectionsMax = 1024;

    private readonly Channel<(string EnvironmentId, Socket Socket)> accepted =
        Channel.CreateBounded<(string, Socket)>(WaitingConnectionsMax);

    public bool CanBind(EndPoint endpoint) => endpoint is EnvironmentEndPoint;

    /// <summary>Hands a connection over; it is closed when the server has no room for it.</summary>
    public void Accept(string environmentId, Socket socket)
    {
        if (!accepted.Writer.TryWrite((environmentId, socket)))
        {
            socket.Dispose();
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new Listener(endpoint, accepted, loggers.CreateLogger<EnvironmentTransport>()));

    private sealed class Listener : IConnectionListener
    {
        private readonly Channel<(string EnvironmentId, Socket Socket)> accepted;
        private readonly SocketConnectionContextFactory connections;

        public Listener(
            EndPoint endpoint, Channel<(string EnvironmentId, Socket Socket)> accepted, ILogger logger)
        {
            EndPoint = endpoint;
            this.accepted = accepted;
            connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), logger);
        }

        public EndPoint EndPoint { get; }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await accepted.Reader.WaitToReadAsync(cancellationToken))
            {
                if (accepted.Reader.TryRead(out var next))
                {
                    var connection = connections.Create(next.Socket);
                    connection.Features.Set(new EnvironmentIdentity(next.EnvironmentId));
                    return connection;
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            accepted.Writer.TryComplete();
            while (accepted.Reader.TryRead(out var waiting))
            {
                waiting.Socket.Dispose();
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            connections.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
