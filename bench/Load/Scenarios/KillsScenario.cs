using System.Collections.Concurrent;
using System.Diagnostics;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// The server is killed a thousand times while events are accepted and delivered. What it acknowledged must end, each
/// event once, under the id that its sender got. The witness is the destination's queue: a record is written with the
/// event's end, or not at all.
/// </summary>
internal sealed class KillsScenario() : Scenario(
    "kills", "Acknowledged events lost or ended twice when the server is killed under load (1,000; --kills N)")
{
    private const int KillsUsual = 1_000;
    private const int KillsQuick = 20;
    private const int KillsBetweenProgress = 10;
    private const int SendersAtOnce = 4;
    private const string Ending = "ending";
    private const string Ends = "ends";

    private static readonly TimeSpan LifeLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(5);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var kills = context.Kills ?? (context.Quick ? KillsQuick : KillsUsual);
        var accepted = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var data = context.Folder("kills");
        await PrepareAsync(context, data, cancellation);
        for (var kill = 0; kill < kills; kill++)
        {
            await LiveAndDieAsync(context, data, kill, accepted, cancellation);
            if ((kill + 1) % KillsBetweenProgress == 0)
            {
                context.Progress($"{kill + 1} of {kills} kills, {accepted.Count:N0} events acknowledged");
            }
        }

        await using var last = await StartAsync(context, data, cancellation);
        var ends = await DrainAsync(context, last, accepted.Keys, cancellation);
        var lost = accepted.Keys.Count(id => !ends.ContainsKey(id));
        var twice = ends.Count(end => end.Value > 1);
        return
        [
            Measurement.Alone($"events acknowledged, {kills:N0} kills", "events", [accepted.Count]),
            Measurement.Alone("acknowledged and lost", "events", [lost], Targets.KillLosses),
            Measurement.Alone("ended twice", "events", [twice], Targets.KillLosses),
        ];
    }

    private static Task<LambentServer> StartAsync(
        ScenarioContext context, string data, CancellationToken cancellation) =>
        LambentServer.StartAsync(context.Program, data, cancellation, "--warm-memory", "0");

    private static async Task PrepareAsync(ScenarioContext context, string data, CancellationToken cancellation)
    {
        await using var server = await StartAsync(context, data, cancellation);
        using var queues = server.CreateQueueClient();
        await queues.CreateAsync(Ends, cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(
                Ending, await InstalledRuntime.NodeAsync(cancellation), "ending.handler",
                FunctionPackage.ZipEmbedded("node/ending.mjs")),
            cancellation);
        await server.Lambda.ConfigureDestinationAsync(Ending, SqsClient.Arn(Ends), cancellation);
    }

    /// <summary>One life of the server: each ends at another point of its work.</summary>
    private static async Task LiveAndDieAsync(
        ScenarioContext context,
        string data,
        int kill,
        ConcurrentDictionary<string, string> accepted,
        CancellationToken cancellation)
    {
        await using var server = await StartAsync(context, data, cancellation);
        var dying = new DyingServer();
        var wanted = accepted.Count + 1 + (kill * 7 % 40);
        var load = Task.WhenAll(Enumerable.Range(0, SendersAtOnce).Select(sender =>
            SendUntilItDiesAsync(server.Lambda, $"{kill}-{sender}", accepted, dying, cancellation)));
        var began = Stopwatch.GetTimestamp();
        while (accepted.Count < wanted && !load.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(began) > LifeLimit)
            {
                throw new BenchFailureException($"Life {kill} of the server accepts no events.");
            }

            await Task.Delay(PollPeriod, cancellation);
        }

        dying.IsKilled = !load.IsCompleted;
        await server.KillAsync();
        await load;
    }

    private static async Task SendUntilItDiesAsync(
        LambdaClient lambda,
        string sender,
        ConcurrentDictionary<string, string> accepted,
        DyingServer dying,
        CancellationToken cancellation)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var name = $"{sender}-{number}";
                var id = await lambda.SendEventAsync(
                    Ending, $$"""{"id":"{{name}}"}""", number % 5 == 0 ? name : null, cancellation);
                if (!accepted.TryAdd(id, name))
                {
                    throw new InvalidOperationException($"Two events got the id {id}.");
                }
            }
        }
        catch (BenchFailureException) when (dying.IsKilled)
        {
            // The answer never came: the event may be there or not.
        }
    }

    /// <summary>How often each event ended, by its id, once all of the wanted have or no more come.</summary>
    private static async Task<Dictionary<string, int>> DrainAsync(
        ScenarioContext context, LambentServer server, ICollection<string> wanted, CancellationToken cancellation)
    {
        using var queues = server.CreateQueueClient();
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        var missing = wanted.ToHashSet(StringComparer.Ordinal);
        var lastEnd = Stopwatch.GetTimestamp();
        while (missing.Count > 0 && Stopwatch.GetElapsedTime(lastEnd) < StallLimit)
        {
            if (await ReceiveAsync() > 0)
            {
                lastEnd = Stopwatch.GetTimestamp();
            }
        }

        // Until the queue is empty: a second end would be behind the first ones.
        while (await ReceiveAsync() > 0)
        {
        }

        return ends;

        async Task<int> ReceiveAsync()
        {
            var records = await EndRecords.ReceiveAsync(queues, Ends, cancellation);
            foreach (var id in records)
            {
                ends[id] = ends.GetValueOrDefault(id) + 1;
                missing.Remove(id);
                if (ends.Count % 1_000 == 0)
                {
                    context.Progress($"{ends.Count:N0} events ended, {missing.Count:N0} acknowledged ones are missing");
                }
            }

            return records.Count;
        }
    }

    /// <summary>Before it is killed, a failure is one.</summary>
    private sealed class DyingServer
    {
        private volatile bool isKilled;

        public bool IsKilled
        {
            get => isKilled;
            set => isKilled = value;
        }
    }
}
