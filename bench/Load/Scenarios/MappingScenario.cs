using System.Diagnostics;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// A full queue that calls a function of one millisecond: how fast it is drained, each message received, handled and
/// deleted durably, and which share that is of what the handlers alone could do at that concurrency.
/// </summary>
internal sealed class MappingScenario() : Scenario(
    "mapping", "A full queue drained by a function of 1 ms: messages per second, and the share of the ideal")
{
    private const int Concurrency = 5;
    private const double HandlerSeconds = 0.001;
    private const string Worker = "worker";
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        await using var server = await LambentServer.StartAsync(
            context.Program, context.Folder("mapping"), cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(
                Worker, runtime, "millisecond.handler", FunctionPackage.ZipEmbedded("node/millisecond.mjs")),
            cancellation);
        var measurements = new List<Measurement>();
        foreach (var batchSize in (int[])[1, 10])
        {
            measurements.AddRange(await DrainAsync(context, server, batchSize, cancellation));
        }

        return measurements;
    }

    private static async Task<IReadOnlyList<Measurement>> DrainAsync(
        ScenarioContext context, LambentServer server, int batchSize, CancellationToken cancellation)
    {
        var messages = (context.Quick ? 1_000 : 5_000) * (batchSize == 1 ? 1 : 2);
        var queue = $"jobs-{batchSize}";
        using var queues = server.CreateQueueClient();
        await queues.CreateAsync(queue, cancellation);
        var mapping = await server.Lambda.MapAsync(queue, Worker, batchSize, Concurrency, cancellation);
        var perSecond = new List<double>();

        // The first round starts the environments.
        for (var round = 0; round <= context.Rounds; round++)
        {
            await queues.FillAsync(queue, messages, cancellation);
            var started = Stopwatch.GetTimestamp();
            await server.Lambda.EnableMappingAsync(mapping, true, cancellation);
            while (await queues.CountAsync(queue, cancellation) > 0)
            {
                if (Stopwatch.GetElapsedTime(started) > DrainLimit)
                {
                    throw new BenchFailureException($"The queue was not drained within {DrainLimit.TotalSeconds} s.");
                }

                await Task.Delay(PollPeriod, cancellation);
            }

            var rate = messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
            await server.Lambda.EnableMappingAsync(mapping, false, cancellation);
            if (round > 0)
            {
                perSecond.Add(rate);
                context.Progress($"batches of {batchSize}, round {round} of {context.Rounds}: {rate:N0} messages/s");
            }
        }

        var ideal = Concurrency * batchSize / HandlerSeconds;
        return
        [
            Measurement.Alone(
                $"queue drained, batches of {batchSize}, {Concurrency} at a time", "messages/s", perSecond),
            Measurement.Alone(
                "the same, of the handlers' own time", "%", [.. perSecond.Select(rate => 100 * rate / ideal)],
                note: $"ideal {ideal:N0} messages/s"),
        ];
    }
}
