using Lambent.Load.Deploying;
using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// T13 in small: what a deployed function that nobody calls costs the server in memory, and what many of them cost the
/// one that is called. The target speaks of 100,000; --functions says how many are deployed here.
/// </summary>
internal sealed class DensityScenario() : Scenario(
    "density", "Memory per deployed function, and a call's latency beside many (T13; --functions N)")
{
    private const int FunctionsUsual = 2000;
    private const int FunctionsQuick = 300;
    private const int FunctionsBefore = 10;
    private const int CreatesAtOnce = 16;
    private const int ProgressEvery = 10_000;
    private const double BytesPerKilobyte = 1024;
    private const string Called = "called";
    private const string Few = "few";
    private const string Many = "many";

    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        var count = context.Functions ?? (context.Quick ? FunctionsQuick : FunctionsUsual);
        context.Progress($"deploying {count} functions");
        await FillAsync(context, Few, FunctionsBefore, cancellation);
        await FillAsync(context, Many, count, cancellation);

        // Started anew: what deploying left behind in memory is not what a deployed function costs.
        await using var few = await StartAsync(context, Few, cancellation);
        await using var many = await StartAsync(context, Many, cancellation);
        var calledFew = new LoadRequest(new Uri(few.Address, $"/fn/{Called}/"));
        var calledMany = new LoadRequest(new Uri(many.Address, $"/fn/{Called}/"));
        await ExpectedAnswer.CheckAsync(calledFew, cancellation);
        await ExpectedAnswer.CheckAsync(calledMany, cancellation);
        await Task.Delay(SettlingTime, cancellation);
        var extraBytes = many.ResidentBytes() - few.ResidentBytes();

        var besideFew = new Contender($"{FunctionsBefore} deployed", () => calledFew, 1, few.ProcessId);
        var besideMany = new Contender($"{count} deployed", () => calledMany, 1, many.ProcessId);
        await Contender.TakeTurnsAsync([besideFew, besideMany], context, cancellation);
        return
        [
            Measurement.Alone(
                $"resident memory per function, {count} deployed", "KB",
                [extraBytes / BytesPerKilobyte / (count - FunctionsBefore)], Targets.MemoryPerFunction,
                $"both servers just started, {FunctionsBefore} deployed in the other"),
            besideMany.LatencyAgainst(
                besideFew, $"call beside {count} functions, 1 client, p50", Targets.LatencyWithManyFunctions),
        ];
    }

    private static Task<LambentServer> StartAsync(
        ScenarioContext context, string name, CancellationToken cancellation) =>
        LambentServer.StartAsync(context.Program, context.Folder($"density-{name}"), cancellation);

    /// <summary>Deploys functions into a data folder, one of them with a URL, and ends the server.</summary>
    private static async Task FillAsync(
        ScenarioContext context, string folder, int count, CancellationToken cancellation)
    {
        await using var server = await StartAsync(context, folder, cancellation);
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        await server.Lambda.CreateAsync(
            new FunctionDefinition(Called, runtime, "hello.handler", package), cancellation);
        await server.Lambda.CreateUrlAsync(Called, cancellation);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = CreatesAtOnce, CancellationToken = cancellation },
            async (index, token) =>
            {
                await server.Lambda.BeginCreateAsync(
                    new FunctionDefinition($"idle-{index}", runtime, "hello.handler", package), token);
                if (index % ProgressEvery == ProgressEvery - 1)
                {
                    context.Progress($"{index + 1} of {count} functions deployed");
                }
            });

        // They become active in the order of their creation, one worker more or less.
        for (var index = Math.Max(0, count - CreatesAtOnce); index < count; index++)
        {
            await server.Lambda.AwaitActiveAsync($"idle-{index}", null, cancellation);
        }
    }
}
