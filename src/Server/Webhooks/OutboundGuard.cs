using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Lambent.Kernel;

namespace Lambent.Server.Webhooks;

/// <summary>
/// Connects callbacks, and only to where users of the platform may send something: not into the network the server
/// stands in. A name is resolved once, and what it resolved to is judged and connected to, so that a name that
/// resolves otherwise a moment later gains nothing.
/// </summary>
/// <param name="allowed">Networks that callbacks may reach although they are not on the internet.</param>
/// <param name="ownPort">Where this server listens; never called, or one callback could make the next.</param>
/// <param name="resolve">The addresses of a name.</param>
internal sealed class OutboundGuard(
    IReadOnlyList<IPNetwork> allowed,
    Func<int?> ownPort,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>A name with more addresses than this is not tried to its end.</summary>
    private const int AddressesMax = 8;

    private const int AnswerHeadKilobytesMax = 16;

    public static Task<IPAddress[]> ResolveByNameServiceAsync(string host, CancellationToken cancellation) =>
        Dns.GetHostAddressesAsync(host, cancellation);

    /// <summary>Why a callback may not go to this address, or null.</summary>
    public string? Refusal(IPAddress address, int port)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (port == ownPort() && IsOwn(plain))
        {
            return $"{plain} port {port} is this server's own";
        }

        return allowed.Any(network => network.Contains(plain)) ? null
            : ReservedAddresses.PurposeOf(plain) is { } purpose ? $"{plain} is {purpose}"
            : null;
    }

    /// <summary>
    /// Why a URL can be refused already by what is written in it, or null. A name is not resolved here.
    /// </summary>
    public string? Refusal(Uri url) =>
        IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address) ? Refusal(address, url.Port) : null;

    /// <summary>
    /// The one handler for requests whose address a user chose. It goes only where the guard lets it, by no proxy,
    /// follows no redirect, keeps no cookies, unpacks nothing, and reads no more of an answer's head than it must. Each
    /// caller has one of its own, so that what waits for one kind of request leaves the others' connections alone.
    /// </summary>
    /// <param name="connectionsPerServerMax">
    /// At a time, to one host and port; what is sent beyond waits for one of them.
    /// </param>
    public SocketsHttpHandler CreateHandler(int connectionsPerServerMax) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = AnswerHeadKilobytesMax,
        MaxConnectionsPerServer = connectionsPerServerMax,
        MaxResponseDrainSize = 4 * Limits.KiB,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectTimeout = Limits.CallbackTimeout,
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, cancellation),
    };

    /// <summary>
    /// For an address that the operator chose, which may be on this machine or its network: nothing is refused.
    /// </summary>
    public static SocketsHttpHandler CreateHandlerForOperator() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = AnswerHeadKilobytesMax,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectTimeout = Limits.CallbackTimeout,
    };

    /// <summary>A connection to the first address that may be called and answers.</summary>
    /// <exception cref="CallbackRefusedException">All addresses of the name are refused.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal)
            ? [literal]
            : await resolve(target.Host, cancellation);
        var refusals = new List<string>();
        Exception? last = null;
        foreach (var address in addresses.Take(AddressesMax))
        {
            if (Refusal(address, target.Port) is { } refusal)
            {
                refusals.Add(refusal);
                continue;
            }

            try
            {
                return await ConnectAsync(address, target.Port, cancellation);
            }
            catch (SocketException unreachable)
            {
                last = unreachable;
            }
        }

        throw last ?? new CallbackRefusedException(refusals.Count == 0
            ? $"{target.Host} has no address."
            : $"{target.Host} may not be called: {string.Join(", ", refusals)}.");
    }

    private static async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsOwn(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || address.Equals(IPAddress.Any)
        || address.Equals(IPAddress.IPv6Any)
        || NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Any(own => own.Address.Equals(address));
}

/// <summary>The guard does not let a callback go where it was to go.</summary>
internal sealed class CallbackRefusedException(string message) : Exception(message);
