using System.Net;
using Lambent.Sandbox.Isolation;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Ingress;

/// <summary>The address that stands for "connections out of sandboxes" in the server's list of listeners.</summary>
internal sealed class EnvironmentEndPoint : EndPoint
{
    public override string ToString() => "environments";
}

/// <summary>
/// Which environment a connection comes out of. Set by the host that accepted it, so nobody can forge it.
/// </summary>
internal sealed record EnvironmentIdentity(string EnvironmentId);

/// <summary>
/// Brings connections that were accepted inside the sandboxes' network namespaces to the web server, each marked with
/// its environment. So the Runtime API and the platform's own APIs are served to functions by the same pipeline.
/// </summary>
internal sealed class EnvironmentTransport(PlatformConnections platform, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is EnvironmentEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new Listener(endpoint, platform, loggers.CreateLogger<EnvironmentTransport>()));

    private sealed class Listener(EndPoint endpoint, PlatformConnections platform, ILogger logger) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory connections = new(new SocketConnectionFactoryOptions(), logger);
        private readonly CancellationTokenSource unbound = new();

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, unbound.Token);
                var accepted = await platform.AcceptAsync(either.Token);
                var connection = connections.Create(accepted.Socket);
                connection.Features.Set(new EnvironmentIdentity(accepted.EnvironmentId));
                connection.ConnectionClosed.Register(static state => ((PlatformConnection)state!).Dispose(), accepted);
                return connection;
            }
            catch (OperationCanceledException) when (unbound.IsCancellationRequested)
            {
                return null;
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default) =>
            await unbound.CancelAsync();

        public ValueTask DisposeAsync()
        {
            connections.Dispose();
            unbound.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
