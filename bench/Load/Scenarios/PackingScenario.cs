using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Two functions whose owner allows sixteen calls at a time in one environment. One waits, the other computes; how many
/// environments answer is decided from what they are measured to use.
/// </summary>
internal sealed class PackingScenario() : Scenario(
    "packing", "Environments of a handler that waits and of one that computes, 16 calls allowed in each")
{
    private const int Concurrency = 16;
    private const int WaitingCallers = 32;
    private const int ComputingCallers = 8;

    /// <summary>Windows of a second in which the measured number settles.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CountingTime = TimeSpan.FromSeconds(3);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var waiting = new List<double>();
        var computing = new List<double>();
        var rounds = context.Quick ? 1 : 3;
        for (var round = 1; round <= rounds; round++)
        {
            await using var server = await LambentServer.StartAsync(
                context.Program, context.Folder($"packing-{round}"), cancellation);
            waiting.Add(await CountAsync(server, runtime, "sleeper", "{}", WaitingCallers, cancellation));
            context.Progress($"round {round} of {rounds}: {waiting[^1]:0} environments for {WaitingCallers} calls "
                + "that wait");
            var environments = await CountAsync(
                server, runtime, "compute", """{"rounds":50000000}""", ComputingCallers, cancellation);
            computing.Add(ComputingCallers / environments);
            context.Progress($"round {round} of {rounds}: {environments:0} environments for {ComputingCallers} calls "
                + "that compute");
        }

        return
        [
            Measurement.Alone(
                $"{WaitingCallers} calls in flight that wait 200 ms", "environments", waiting,
                Targets.PackedEnvironments),
            Measurement.Alone(
                $"{ComputingCallers} calls in flight that compute, for each environment", "calls", computing,
                Targets.SpreadCalls),
        ];
    }

    /// <summary>Environments that answered after the number had time to settle.</summary>
    private static async Task<double> CountAsync(
        LambentServer server,
        string runtime,
        string program,
        string payload,
        int callers,
        CancellationToken cancellation)
    {
        await server.Lambda.CreateAsync(
            new FunctionDefinition(
                program, runtime, $"{program}.handler", FunctionPackage.ZipEmbedded($"node/{program}.mjs"))
            {
                EnvironmentConcurrency = Concurrency,
            },
            cancellation);
        var seen = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));
        await server.Lambda.DeleteAsync(program, cancellation);
        return seen.Count;

        async Task CallAsync()
        {
            while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < SettlingTime + CountingTime)
            {
                var answer = await server.Lambda.InvokeAsync(program, cancellation, payload);
                if (elapsed > SettlingTime)
                {
                    seen.TryAdd(JsonNode.Parse(answer)!["processId"]!.GetValue<string>(), 0);
                }
            }
        }
    }
}
