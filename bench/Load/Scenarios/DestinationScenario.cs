using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// What a synchronous destination adds to a call: its record is on disk in a queue before the caller is answered.
/// </summary>
internal sealed class DestinationScenario() : Scenario(
    "destination", "Latency that a synchronous destination (a queue) adds to an Invoke")
{
    private const string Plain = "plain";
    private const string Handed = "handed";
    private const string Results = "results";

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        var folder = context.Folder("destination");
        await using var server = await LambentServer.StartAsync(context.Program, folder, cancellation);
        using (var queues = server.CreateQueueClient())
        {
            await queues.CreateAsync(Results, cancellation);
        }

        var plain = new FunctionDefinition(
            Plain, await InstalledRuntime.NodeAsync(cancellation), "hello.handler",
            FunctionPackage.ZipEmbedded("node/hello.mjs"));
        await server.Lambda.CreateAsync(plain, cancellation);
        await server.Lambda.CreateAsync(
            plain with { Name = Handed, SyncDestination = SqsClient.Arn(Results) }, cancellation);
        Contender Calling(string name, string function) =>
            new(name, () => server.Lambda.PresignedInvoke(function), 1, server.ProcessId);
        var without = Calling("Invoke", Plain);
        var with = Calling("Invoke with a destination", Handed);
        await Contender.TakeTurnsAsync([without, with], context, cancellation);
        var syncMilliseconds = 1_000 / SyncedWrites.PerSecond(folder, context.RoundDuration);
        return
        [
            with.LatencyAgainst(without, "Invoke with a synchronous destination, 1 client, p50"),
            Measurement.Alone(
                "what the destination adds",
                "ms",
                [.. with.MedianMilliseconds.Zip(without.MedianMilliseconds, (more, less) => more - less)],
                Targets.DestinationLatency,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"append + fsync alone takes {syncMilliseconds:0.00} ms on this disk")),
        ];
    }
}
