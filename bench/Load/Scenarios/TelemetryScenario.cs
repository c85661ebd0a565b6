using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// What it costs that everything can be seen: warm calls of a server that keeps records, lines, payloads, spans and
/// figures against one that keeps nothing; then calls and durable events while another function floods the log,
/// against the same while it is as busy and silent.
/// </summary>
internal sealed class TelemetryScenario() : Scenario(
    "telemetry", "What telemetry costs warm calls, and what a flood of log lines costs other functions")
{
    private const int Connections = 32;
    private const string Hello = "hello";
    private const string Noise = "noise";

    /// <summary>The noise outlasts what is measured beside it.</summary>
    private static readonly TimeSpan NoiseMargin = TimeSpan.FromSeconds(3);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        await using var seen = await LambentServer.StartAsync(
            context.Program, context.Folder("telemetry"), cancellation);
        await using var blind = await LambentServer.StartAsync(
            context.Program, context.Folder("telemetry-none"), cancellation, "--no-telemetry");
        var calls = await DeployAsync(seen, cancellation);
        var callsUnseen = await DeployAsync(blind, cancellation);
        var with = new Contender("telemetry on", () => calls, Connections, seen.ProcessId);
        var without = new Contender("nothing kept", () => callsUnseen, Connections, blind.ProcessId);
        await Contender.TakeTurnsAsync([without, with], context, cancellation);
        return
        [
            with.ThroughputAgainst(without, "function URL, 64 at a time, 32 clients", Targets.TelemetryCost),
            .. await FloodAsync(context, seen, calls, cancellation),
        ];
    }

    private static async Task<LoadRequest> DeployAsync(LambentServer server, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(Hello, runtime, "hello.handler", FunctionPackage.ZipEmbedded("node/hello.mjs"))
            {
                EnvironmentConcurrency = 64,
            },
            cancellation);
        return new LoadRequest(await server.Lambda.CreateUrlAsync(Hello, cancellation));
    }

    private static async Task<IReadOnlyList<Measurement>> FloodAsync(
        ScenarioContext context, LambentServer server, LoadRequest calls, CancellationToken cancellation)
    {
        await server.Lambda.CreateAsync(
            new FunctionDefinition(
                Noise, await InstalledRuntime.NodeAsync(cancellation), "noise.handler",
                FunctionPackage.ZipEmbedded("node/noise.mjs"))
            {
                TimeoutSeconds = 900,
            },
            cancellation);
        var wrk = new Wrk(context.WorkFolder);
        var (flooded, silent) = (new Rounds(), new Rounds());
        for (var round = 1; round <= context.Rounds; round++)
        {
            foreach (var (rounds, writes) in (IEnumerable<(Rounds, bool)>)[(silent, false), (flooded, true)])
            {
                var milliseconds = ((context.RoundDuration * 2) + NoiseMargin).TotalMilliseconds;
                var noise = server.Lambda.InvokeAsync(Noise, cancellation, string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"milliseconds":{{milliseconds:0}},"writes":{{(writes ? "true" : "false")}}}"""));
                rounds.Calls.Add((await wrk.RunAsync(
                    calls, Connections, context.RoundDuration, cancellation)).RequestsPerSecond);
                rounds.Events.Add((await wrk.RunAsync(
                    server.Lambda.PresignedInvoke(Hello, "Event"), Connections, context.RoundDuration, cancellation))
                    .RequestsPerSecond);
                var lines = double.Parse(await noise, CultureInfo.InvariantCulture);
                rounds.Megabytes.Add(lines / milliseconds);
                context.Progress(string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {round} of {context.Rounds}: beside {(writes ? "a flood" : "silence")} "
                    + $"{rounds.Calls[^1]:N0} calls/s, {rounds.Events[^1]:N0} events/s, "
                    + $"{rounds.Megabytes[^1]:0} MB/s"));
            }
        }

        var dropped = await ServerMetrics.DroppedLinesAsync(server.Address, cancellation);
        var note = string.Create(CultureInfo.InvariantCulture, $"{dropped:N0} lines were dropped, and counted");
        return
        [
            Measurement.Alone("the flood", "MB/s", flooded.Megabytes, note: note),
            Measurement.Against(
                "calls beside the flood", "requests/s", flooded.Calls, "beside a busy one", silent.Calls,
                Targets.BesideFlood),
            Measurement.Against(
                "durable events beside the flood", "events/s", flooded.Events, "beside a busy one", silent.Events,
                Targets.BesideFlood),
        ];
    }

    private sealed class Rounds
    {
        public List<double> Calls { get; } = [];

        public List<double> Events { get; } = [];

        public List<double> Megabytes { get; } = [];
    }
}
