using System.Diagnostics;
using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// T14: a million events wait behind one that holds the function's only place; then the function may run as it likes.
/// The server's memory must not follow the backlog, and the last events must go as fast as the first.
/// </summary>
internal sealed class DrainScenario() : Scenario(
    "drain", "Memory and rate while queued events are worked off (1,000,000; --events N) (T14)")
{
    private const int EventsUsual = 1_000_000;
    private const int EventsQuick = 50_000;
    private const int Connections = 64;
    private const string Function = "held";

    /// <summary>The holding event's environment ends after 15 minutes, and its place would be free.</summary>
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(860);

    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(5);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        var wanted = context.Events ?? (context.Quick ? EventsQuick : EventsUsual);
        await using var server = await LambentServer.StartAsync(
            context.Program, context.Folder("drain"), cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(
                Function, await InstalledRuntime.NodeAsync(cancellation), "held.handler",
                FunctionPackage.ZipEmbedded("node/held.mjs"))
            {
                TimeoutSeconds = 900,
            },
            cancellation);
        var wrk = new Wrk(context.WorkFolder);
        context.Progress("warming up: accepting and executing events");
        var warm = await wrk.RunAsync(
            server.Lambda.PresignedInvoke(Function, "Event"), Connections, context.WarmUpDuration, cancellation);
        await DrainAsync(context, server, 0, warm.Requests, cancellation);

        await server.Lambda.ReserveConcurrencyAsync(Function, 1, cancellation);
        await server.Lambda.SendEventAsync(Function, """{"hold":true}""", null, cancellation);
        await ServerMetrics.AwaitSteadyAsync(server.Address, 1, cancellation);
        var executedBefore = await ServerMetrics.SucceededCallsAsync(server.Address, cancellation);
        var residentBefore = server.ResidentBytes();
        var began = Stopwatch.GetTimestamp();
        var queued = await LoadAsync(context, server, wrk, wanted, cancellation);
        var acceptedPerSecond = queued / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var residentLoaded = server.ResidentBytes();
        if (await ServerMetrics.SucceededCallsAsync(server.Address, cancellation) != executedBefore)
        {
            throw new BenchFailureException("Events were executed that should have waited.");
        }

        await server.Lambda.ReserveConcurrencyAsync(Function, null, cancellation);
        var curve = await DrainAsync(context, server, executedBefore, queued, cancellation);
        return Measure(queued, acceptedPerSecond, [residentBefore, residentLoaded], curve);
    }

    /// <summary>Queues until there are as many as wanted, or a few more.</summary>
    private static async Task<long> LoadAsync(
        ScenarioContext context, LambentServer server, Wrk wrk, int wanted, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var queued = 0L;
        var perSecond = double.MaxValue;
        while (queued < wanted)
        {
            if (Stopwatch.GetElapsedTime(began) > LoadLimit)
            {
                throw new BenchFailureException(
                    $"Only {queued} events were accepted in {LoadLimit.TotalSeconds:0} s.",
                    "Ask for fewer: --events N");
            }

            var seconds = Math.Clamp((wanted - queued) / perSecond, 1, ProgressPeriod.TotalSeconds);
            var result = await wrk.RunAsync(
                server.Lambda.PresignedInvoke(Function, "Event"),
                Connections,
                TimeSpan.FromSeconds(Math.Ceiling(seconds)),
                cancellation);
            queued += result.Requests;
            perSecond = result.RequestsPerSecond;
            context.Progress($"queued {queued:N0} of {wanted:N0}, {perSecond:N0}/s, "
                + $"{Megabytes(server.ResidentBytes()):0} MB resident");
        }

        return queued;
    }

    private static async Task<DrainCurve> DrainAsync(
        ScenarioContext context,
        LambentServer server,
        long executedBefore,
        long queued,
        CancellationToken cancellation)
    {
        var curve = new DrainCurve(ProcessTree.ProcessorSeconds(server.ProcessId));
        var began = Stopwatch.GetTimestamp();
        var lastChange = began;
        var lastProgress = began;
        for (var executed = 0L; executed < queued;)
        {
            var now = await ServerMetrics.SucceededCallsAsync(server.Address, cancellation) - executedBefore;
            lastChange = now > executed ? Stopwatch.GetTimestamp() : lastChange;
            executed = now;
            curve.Add(new DrainSample(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                executed,
                server.ResidentBytes(),
                ProcessTree.ProcessorSeconds(server.ProcessId)));
            if (Stopwatch.GetElapsedTime(lastChange) > StallLimit)
            {
                throw new BenchFailureException(
                    $"No event was executed for {StallLimit.TotalSeconds} s; {queued - executed} are left.");
            }

            if (Stopwatch.GetElapsedTime(lastProgress) > ProgressPeriod)
            {
                lastProgress = Stopwatch.GetTimestamp();
                context.Progress($"executed {executed:N0} of {queued:N0}, "
                    + $"{Megabytes(server.ResidentBytes()):0} MB resident");
            }

            await Task.Delay(SamplePeriod, cancellation);
        }

        return curve;
    }

    private static IReadOnlyList<Measurement> Measure(
        long queued, double acceptedPerSecond, long[] residentBytes, DrainCurve curve)
    {
        var first = curve.RateBetween(0, queued / 10);
        var last = curve.RateBetween(queued - (queued / 10), queued);
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        string ByTenths(Func<long, long, double> between) => string.Join(
            ", ",
            Enumerable.Range(0, 10).Select(
                tenth => Text($"{between(queued * tenth / 10, queued * (tenth + 1) / 10):N0}")));
        return
        [
            Measurement.Alone(
                Text($"resident memory of the server, growth while {queued:N0} events are queued"),
                "MB",
                [Megabytes(residentBytes[1] - residentBytes[0])],
                note: Text($"{Megabytes(residentBytes[0]):0} before, {Megabytes(residentBytes[1]):0} after")),
            Measurement.Alone(
                "the same, from then to the most while they are worked off",
                "MB",
                [Megabytes(curve.ResidentBytesMax - residentBytes[1])],
                Targets.DrainMemory,
                "resident by tenths of the backlog: " + string.Join(
                    ", ",
                    Enumerable.Range(0, 11).Select(tenth =>
                        Text($"{Megabytes(curve.ResidentBytesAt(queued * tenth / 10)):0}"))) + " MB"),
            Measurement.Alone("events queued", "events/s", [acceptedPerSecond]),
            Measurement.Alone(
                "events executed, the last tenth off the first",
                "%",
                [Math.Abs((last / first) - 1) * 100],
                Targets.DrainRateChange,
                $"by tenths of the backlog: {ByTenths(curve.RateBetween)}/s; "
                + $"processor {ByTenths(curve.MicrosecondsBetween)} µs an event"),
        ];
    }

    private static double Megabytes(long bytes) => bytes / (1024.0 * 1024);
}
