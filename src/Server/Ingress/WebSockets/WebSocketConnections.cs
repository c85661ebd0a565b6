using System.Collections.Concurrent;
using System.Net.WebSockets;
using Lambent.Kernel;
using Lambent.Kernel.Access;

namespace Lambent.Server.Ingress.WebSockets;

/// <summary>The open WebSockets of this node, by their ids, and how many each account has.</summary>
internal sealed class WebSocketConnections(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, WebSocketConnection> open = new(StringComparer.Ordinal);
    private readonly Dictionary<AccountId, int> places = [];
    private readonly Lock gate = new();
    private TaskCompletionSource? emptied;
    private int taken;

    /// <summary>A place for a connection of the account, or why there is none.</summary>
    public Error? Reserve(AccountId account)
    {
        lock (gate)
        {
            if (emptied is not null)
            {
                return new Error(ErrorCode.Draining, "The server is shutting down and takes no new connections.");
            }

            var count = places.GetValueOrDefault(account);
            if (count >= Limits.WebSocketConnectionsMax)
            {
                return new Error(
                    ErrorCode.LimitExceeded,
                    $"The account has {Limits.WebSocketConnectionsMax} WebSocket connections, which is the limit.");
            }

            places[account] = count + 1;
            taken++;
            return null;
        }
    }

    /// <summary>Gives back a place that was reserved, after everything of the connection is over.</summary>
    public void Release(AccountId account)
    {
        lock (gate)
        {
            if (--places[account] == 0)
            {
                places.Remove(account);
            }

            if (--taken == 0)
            {
                emptied?.TrySetResult();
            }
        }
    }

    public void Add(WebSocketConnection connection) => open[connection.Peer.Id] = connection;

    public void Remove(WebSocketConnection connection) => open.TryRemove(connection.Peer.Id, out _);

    public WebSocketConnection? Find(string id) => open.GetValueOrDefault(id);

    /// <summary>
    /// Takes no new connections and closes the others with 1001; ends when their functions have been told, or the
    /// limit has passed.
    /// </summary>
    public async Task CloseAllAsync(TimeSpan limit)
    {
        lock (gate)
        {
            emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (taken == 0)
            {
                return;
            }
        }

        foreach (var connection in open.Values)
        {
            _ = connection.CloseAfterMessageAsync(
                WebSocketCloseStatus.EndpointUnavailable, "The server is shutting down.", limit);
        }

        try
        {
            await emptied.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // What is still open is cut off with the server's other connections.
        }
    }
}
