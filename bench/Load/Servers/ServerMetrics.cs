using System.Globalization;

namespace Lambent.Load.Servers;

/// <summary>Reads the server's own counters from /metrics.</summary>
internal static class ServerMetrics
{
    private const string Succeeded = "lambent_invocations_total{outcome=\"Success\"} ";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Calls that ended well since the server's start.</summary>
    public static async Task<long> SucceededCallsAsync(Uri server, CancellationToken cancellation)
    {
        var text = await Http.GetStringAsync(new Uri(server, "/metrics"), cancellation);
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(Succeeded, StringComparison.Ordinal))
            ?? throw new BenchFailureException("/metrics does not count invocations.");
        return (long)double.Parse(line.AsSpan(Succeeded.Length), CultureInfo.InvariantCulture);
    }
}
