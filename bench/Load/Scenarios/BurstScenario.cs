using System.Diagnostics;
using System.Text.Json.Nodes;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Many first calls in the same instant: fifty calls of one new function that sleeps 200 ms, which need fifty
/// environments; and T8, a hundred new functions at once, against a hundred bare starts one after another.
/// </summary>
internal sealed class BurstScenario() : Scenario(
    "burst", "50 calls of a new 200 ms sleeper at once; 100 new functions at once (T8)")
{
    private const int SleeperCalls = 50;
    private const int NewFunctionsUsual = 100;

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var sleeps = new List<SleeperBurst>();
        var together = new List<double>();
        var bare = new List<double>();
        var newFunctions = context.Functions ?? NewFunctionsUsual;
        var rounds = context.Quick ? 1 : 3;
        for (var round = 1; round <= rounds; round++)
        {
            await using var server = await LambentServer.StartAsync(
                context.Program, context.Folder($"burst-{round}"), cancellation);
            await server.Lambda.OpenConnectionsAsync(newFunctions, cancellation);
            sleeps.Add(await CallSleeperAsync(server, runtime, cancellation));
            context.Progress($"round {round} of {rounds}: {SleeperCalls} sleepers in {sleeps[^1].Seconds:0.00} s, "
                + $"{sleeps[^1].Environments} environments");

            together.Add(await CallNewFunctionsAsync(server, runtime, newFunctions, cancellation));
            context.Progress($"round {round} of {rounds}: {newFunctions} new functions in {together[^1]:0.00} s");
            bare.Add(await StartBareAsync(newFunctions, cancellation));
            context.Progress($"round {round} of {rounds}: {newFunctions} node -e 0 in {bare[^1]:0.00} s");
        }

        return
        [
            Measurement.Alone(
                $"{SleeperCalls} calls at once of a new function that sleeps 200 ms, until the last answer",
                "s",
                [.. sleeps.Select(sleep => sleep.Seconds)],
                Targets.BurstWallTime),
            Measurement.Alone(
                "distinct environments that answered them",
                "environments",
                [.. sleeps.Select(sleep => (double)sleep.Environments)],
                Targets.BurstEnvironments),
            Measurement.Against(
                $"{newFunctions} new functions at once, until the last answer",
                "s",
                together,
                $"{newFunctions} x node -e 0",
                bare,
                Targets.NewFunctionsAtOnce),
        ];
    }

    private static async Task<SleeperBurst> CallSleeperAsync(
        LambentServer server, string runtime, CancellationToken cancellation)
    {
        const string Name = "sleeper";
        var package = FunctionPackage.ZipEmbedded("node/sleeper.mjs");
        await server.Lambda.CreateAsync(
            new FunctionDefinition(Name, runtime, "sleeper.handler", package), cancellation);
        await ServerMetrics.AwaitFullPoolAsync(server.Address, cancellation);
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, SleeperCalls).Select(_ => server.Lambda.InvokeAsync(Name, cancellation)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await server.Lambda.DeleteAsync(Name, cancellation);
        var environments = answers
            .Select(answer => JsonNode.Parse(answer)!["processId"]!.GetValue<string>())
            .Distinct(StringComparer.Ordinal)
            .Count();
        return new SleeperBurst(seconds, environments);
    }

    private static async Task<double> CallNewFunctionsAsync(
        LambentServer server, string runtime, int count, CancellationToken cancellation)
    {
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        var names = Enumerable.Range(0, count).Select(index => $"new-{index}").ToList();
        foreach (var name in names)
        {
            await server.Lambda.CreateAsync(
                new FunctionDefinition(name, runtime, "hello.handler", package), cancellation);
        }

        await ServerMetrics.AwaitFullPoolAsync(server.Address, cancellation);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(names.Select(name => server.Lambda.InvokeAsync(name, cancellation)));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> StartBareAsync(int count, CancellationToken cancellation)
    {
        var total = TimeSpan.Zero;
        for (var index = 0; index < count; index++)
        {
            total += await BareStart.MeasureAsync(["node", "-e", "0"], cancellation);
        }

        return total.TotalSeconds;
    }

    private sealed record SleeperBurst(double Seconds, int Environments);
}
