using System.Diagnostics;
using System.Text;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Durable events: how many signed Event invocations are accepted per second, each acknowledged after its fsync, and
/// how fast they are then executed. The floor beside it is one writer that appends and syncs one record at a time on
/// the same disk: group commit is what makes the ratio more than one.
/// </summary>
internal sealed class AsyncScenario() : Scenario(
    "async", "Durable events accepted (fsynced) and executed per second (the floor of T9)")
{
    private const int Connections = 64;
    private const int RecordBytes = 512;
    private const string Accepted = "accepted";

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(100);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        var acceptedPerSecond = new List<double>();
        var executedPerSecond = new List<double>();
        var syncsPerSecond = new List<double>();
        var folder = context.Folder("async");
        await using var server = await LambentServer.StartAsync(context.Program, folder, cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(Accepted, runtime, "hello.handler", package), cancellation);
        context.Progress("warming up: accepting and executing events");
        await MeasureAsync(context, server, cancellation);
        for (var round = 1; round <= context.Rounds; round++)
        {
            var (accepted, executed) = await MeasureAsync(context, server, cancellation);
            var syncs = SyncedWritesPerSecond(folder, context.RoundDuration);
            acceptedPerSecond.Add(accepted);
            executedPerSecond.Add(executed);
            syncsPerSecond.Add(syncs);
            context.Progress($"round {round} of {context.Rounds}: accepted {accepted:N0}/s, executed {executed:N0}/s; "
                + $"{syncs:N0} synced writes/s");
        }

        return
        [
            Measurement.Against(
                $"events accepted, {Connections} clients", "events/s", acceptedPerSecond,
                "append + fsync, 1 writer", syncsPerSecond),
            Measurement.Alone(
                "events executed, from the first accepted to the last executed", "events/s", executedPerSecond),
        ];
    }

    /// <summary>Accepts for one round, then waits until all of it was executed.</summary>
    private static async Task<(double AcceptedPerSecond, double ExecutedPerSecond)> MeasureAsync(
        ScenarioContext context, LambentServer server, CancellationToken cancellation)
    {
        var wrk = new Wrk(context.WorkFolder);
        var request = server.Lambda.PresignedInvoke(Accepted, "Event");
        var before = await ServerMetrics.SucceededCallsAsync(server.Address, cancellation);
        var started = Stopwatch.GetTimestamp();
        var result = await wrk.RunAsync(request, Connections, context.RoundDuration, cancellation);
        while (true)
        {
            var executed = await ServerMetrics.SucceededCallsAsync(server.Address, cancellation) - before;
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (executed >= result.Requests)
            {
                return (result.RequestsPerSecond, executed / elapsed.TotalSeconds);
            }

            if (elapsed > DrainLimit)
            {
                throw new BenchFailureException(
                    $"{result.Requests - executed} of {result.Requests} accepted events were not executed "
                    + $"within {DrainLimit.TotalSeconds} s.");
            }

            await Task.Delay(PollPeriod, cancellation);
        }
    }

    private static double SyncedWritesPerSecond(string folder, TimeSpan duration)
    {
        var record = Encoding.ASCII.GetBytes(new string('x', RecordBytes));
        using var file = new FileStream(Path.Combine(folder, "floor"), FileMode.Create, FileAccess.Write);
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            file.Write(record);
            file.Flush(flushToDisk: true);
            count++;
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
