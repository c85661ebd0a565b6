using System.Globalization;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// T11: messages sent, received and deleted per second through the SQS API, in batches of ten, against RabbitMQ with a
/// durable queue, persistent messages, confirmed batches and acknowledged deliveries.
/// </summary>
internal sealed class QueueScenario() : Scenario(
    "queue", "Messages sent, received and deleted per second through the SQS API, against RabbitMQ (T11)")
{
    private const int Clients = 16;
    private const int Batch = 10;
    private const int MessageBytes = 256;
    private const string Queue = "bench";

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await using var server = await LambentServer.StartAsync(
            context.Program, context.Folder("queue"), cancellation, "--warm-memory", "0");
        using var queues = server.CreateQueueClient();
        await queues.CreateAsync(Queue, cancellation);
        var load = new QueueLoad(queues, Queue, MessageBytes, server.ProcessId);
        await using var peer = await OptionalPeer<RabbitServer>.StartAsync(async () =>
        {
            var packages = await PeerPackages.InstallAsync(context.CacheFolder, cancellation);
            var rabbit = await RabbitPackages.InstallAsync(context.CacheFolder, cancellation);
            return await RabbitServer.StartAsync(context.Folder("queue-rabbitmq"), rabbit, packages, cancellation);
        });
        if (peer.Note is { } note)
        {
            context.Progress(note);
        }

        var ours = new List<QueueRound>();
        var theirs = new List<QueueRound>();
        for (var round = 0; round <= context.Rounds; round++)
        {
            var isWarmUp = round == 0;
            var duration = isWarmUp ? context.WarmUpDuration : context.RoundDuration;
            var name = isWarmUp ? "warming up" : $"round {round} of {context.Rounds}";
            if (peer.Server is { } rabbit)
            {
                theirs.Add(await rabbit.RunAsync(Clients, Batch, MessageBytes, duration, cancellation));
                context.Progress($"{name}: RabbitMQ {theirs[^1].MessagesPerSecond:N0} messages/s");
            }

            ours.Add(await load.RunAsync(Clients, duration, cancellation));
            context.Progress($"{name}: Lambent {ours[^1].MessagesPerSecond:N0} messages/s");
        }

        return [Measure([.. ours.Skip(1)], [.. theirs.Skip(1)], peer.Note)];
    }

    private static Measurement Measure(
        IReadOnlyList<QueueRound> ours, IReadOnlyList<QueueRound> theirs, string? reason)
    {
        const string Unit = "messages/s";
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"messages of {MessageBytes} B sent, received and deleted, batches of {Batch}, {Clients} clients");
        IReadOnlyList<double> Rates(IReadOnlyList<QueueRound> rounds) =>
            [.. rounds.Select(round => round.MessagesPerSecond)];
        return theirs.Count == 0
            ? Measurement.Alone(what, Unit, Rates(ours), note: $"{Cost(ours)}; {reason}")
            : Measurement.Against(
                what, Unit, Rates(ours), "RabbitMQ", Rates(theirs), Targets.QueuedMessages,
                $"{Cost(ours)}; peer {Cost(theirs)}");
    }

    /// <summary>Processor time beside the rate: it shows which side was the bound, the server or its client.</summary>
    private static string Cost(IReadOnlyList<QueueRound> rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"processor {Samples.Median([.. rounds.Select(round => round.ServerMicroseconds)]):0} µs a message, "
        + $"generator {Samples.Median([.. rounds.Select(round => round.ClientMicroseconds)]):0} µs");
}
