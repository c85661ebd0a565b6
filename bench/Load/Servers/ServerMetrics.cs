using System.Globalization;

namespace Lambent.Load.Servers;

/// <summary>Reads the server's own counters from /metrics.</summary>
internal static class ServerMetrics
{
    private const string Succeeded = "lambent_invocations_total{outcome=\"Success\"}";
    private const string DroppedLines = "lambent_log_lines_dropped_total";
    private const string InFlight = "lambent_invocations_in_flight";
    private const string Waiting = "lambent_environments_waiting";
    private const string Wanted = "lambent_environments_wanted";
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private const int SteadyPolls = 20;
    private static readonly TimeSpan FillLimit = TimeSpan.FromMinutes(2);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Calls that ended well since the server's start.</summary>
    public static async Task<long> SucceededCallsAsync(Uri server, CancellationToken cancellation) =>
        (long)Read(await Http.GetStringAsync(new Uri(server, "/metrics"), cancellation), Succeeded);

    /// <summary>Log lines that were not kept since the server's start.</summary>
    public static async Task<long> DroppedLinesAsync(Uri server, CancellationToken cancellation) =>
        (long)Read(await Http.GetStringAsync(new Uri(server, "/metrics"), cancellation), DroppedLines);

    /// <summary>
    /// Waits until as many generic environments wait as the server wants: "pool ready" is part of the targets.
    /// </summary>
    /// <returns>How many wait.</returns>
    /// <exception cref="BenchFailureException">It does not come to that.</exception>
    public static async Task<int> AwaitFullPoolAsync(Uri server, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < FillLimit; waited += PollPeriod)
        {
            var text = await Http.GetStringAsync(new Uri(server, "/metrics"), cancellation);
            var (waiting, wanted) = (Read(text, Waiting), Read(text, Wanted));
            if (waiting >= wanted)
            {
                return (int)waiting;
            }

            await Task.Delay(PollPeriod, cancellation);
        }

        throw new BenchFailureException("The pool of generic environments does not fill.");
    }

    /// <summary>Waits until so many calls run, for a second, and none ends.</summary>
    /// <exception cref="BenchFailureException">It does not come to that.</exception>
    public static async Task AwaitSteadyAsync(Uri server, int callsInFlight, CancellationToken cancellation)
    {
        var succeeded = -1.0;
        var steady = 0;
        for (var waited = TimeSpan.Zero; waited < FillLimit; waited += PollPeriod)
        {
            var text = await Http.GetStringAsync(new Uri(server, "/metrics"), cancellation);
            steady = Read(text, InFlight) == callsInFlight && Read(text, Succeeded) == succeeded ? steady + 1 : 0;
            succeeded = Read(text, Succeeded);
            if (steady >= SteadyPolls)
            {
                return;
            }

            await Task.Delay(PollPeriod, cancellation);
        }

        throw new BenchFailureException($"The server does not come to {callsInFlight} calls in flight.");
    }

    private static double Read(string text, string name)
    {
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            ?? throw new BenchFailureException($"/metrics has no {name}.");
        return double.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }
}
