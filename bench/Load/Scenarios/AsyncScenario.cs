using System.Diagnostics;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Durable events: how many signed Event invocations are accepted per second, each acknowledged after its fsync, and
/// how fast they are then executed, against one-way calls of Restate. The floor beside it is one writer that appends
/// and syncs one record at a time on the same disk: group commit is what makes the ratio more than one.
/// </summary>
internal sealed class AsyncScenario() : Scenario(
    "async", "Durable events accepted (fsynced) and executed per second, against Restate (T9)")
{
    private const int Connections = 64;
    private const string Accepted = "accepted";

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        var folder = context.Folder("async");
        await using var server = await LambentServer.StartAsync(context.Program, folder, cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(Accepted, runtime, "hello.handler", package), cancellation);
        await using var peer = await OptionalPeer<RestateServer>.StartAsync(async () =>
        {
            var packages = await PeerPackages.InstallAsync(context.CacheFolder, cancellation);
            return await RestateServer.StartAsync(context.Folder("async-restate"), packages, cancellation);
        });

        Subject ours = new(
            "Lambent",
            () => server.Lambda.PresignedInvoke(Accepted, "Event"),
            () => ServerMetrics.SucceededCallsAsync(server.Address, cancellation));
        List<Subject> subjects = [ours];
        if (peer.Server is { } restate)
        {
            subjects.Insert(0, new Subject("Restate", () => restate.Send, () => restate.ExecutedAsync(cancellation)));
        }
        else
        {
            context.Progress(peer.Note!);
        }

        var syncsPerSecond = await TakeTurnsAsync(context, subjects, folder, cancellation);
        return
        [
            Against(
                $"events accepted, {Connections} clients", subject => subject.AcceptedPerSecond),
            Against(
                "events executed, from the first accepted to the last executed",
                subject => subject.ExecutedPerSecond),
            Measurement.Against(
                "events accepted", "events/s", ours.AcceptedPerSecond, "append + fsync, 1 writer", syncsPerSecond),
        ];

        Measurement Against(string what, Func<Subject, IReadOnlyList<double>> figures) =>
            subjects.Find(subject => subject != ours) is { } other
                ? Measurement.Against(
                    what, "events/s", figures(ours), other.Name, figures(other), Targets.DurableEvents)
                : Measurement.Alone(what, "events/s", figures(ours), note: peer.Note);
    }

    /// <returns>The floor: synced writes per second, by round.</returns>
    private static async Task<IReadOnlyList<double>> TakeTurnsAsync(
        ScenarioContext context, IReadOnlyList<Subject> subjects, string folder, CancellationToken cancellation)
    {
        var wrk = new Wrk(context.WorkFolder);
        foreach (var subject in subjects)
        {
            context.Progress($"warming up {subject.Name}: accepting and executing events");
            await MeasureAsync(subject, wrk, context.WarmUpDuration, cancellation);
        }

        var syncsPerSecond = new List<double>();
        for (var round = 1; round <= context.Rounds; round++)
        {
            foreach (var subject in subjects)
            {
                var (accepted, executed) = await MeasureAsync(subject, wrk, context.RoundDuration, cancellation);
                subject.AcceptedPerSecond.Add(accepted);
                subject.ExecutedPerSecond.Add(executed);
                context.Progress($"round {round} of {context.Rounds}: {subject.Name} accepted {accepted:N0}/s, "
                    + $"executed {executed:N0}/s");
            }

            syncsPerSecond.Add(SyncedWrites.PerSecond(folder, context.RoundDuration));
            context.Progress($"round {round} of {context.Rounds}: {syncsPerSecond[^1]:N0} synced writes/s");
        }

        return syncsPerSecond;
    }

    /// <summary>Accepts for one round, then waits until all of it was executed.</summary>
    private static async Task<(double AcceptedPerSecond, double ExecutedPerSecond)> MeasureAsync(
        Subject subject, Wrk wrk, TimeSpan duration, CancellationToken cancellation)
    {
        var before = await subject.ExecutedAsync();
        var started = Stopwatch.GetTimestamp();
        var result = await wrk.RunAsync(subject.Request(), Connections, duration, cancellation);
        var accepted = Stopwatch.GetTimestamp();
        while (true)
        {
            var executed = await subject.ExecutedAsync() - before;
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (executed >= result.Requests)
            {
                return (result.RequestsPerSecond, executed / elapsed.TotalSeconds);
            }

            if (Stopwatch.GetElapsedTime(accepted) > DrainLimit)
            {
                throw new BenchFailureException(
                    $"{subject.Name}: {result.Requests - executed} of {result.Requests} accepted events were not "
                    + $"executed within {DrainLimit.TotalSeconds} s.");
            }

            await Task.Delay(PollPeriod, cancellation);
        }
    }

    /// <summary>One of those that take turns.</summary>
    /// <param name="Name">In the table.</param>
    /// <param name="Request">Asked for before each run, because a signature ages.</param>
    /// <param name="ExecutedAsync">How many calls were executed so far.</param>
    private sealed record Subject(string Name, Func<LoadRequest> Request, Func<Task<long>> ExecutedAsync)
    {
        public List<double> AcceptedPerSecond { get; } = [];

        public List<double> ExecutedPerSecond { get; } = [];
    }
}
