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
    private const int CreatesAtOnce = 8;
    private const double BytesPerKilobyte = 1024;
    private const string Called = "called";

    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await Wrk.EnsureInstalledAsync(cancellation);
        var count = context.Functions ?? (context.Quick ? FunctionsQuick : FunctionsUsual);
        await using var few = await StartAsync(context, "few", cancellation);
        await using var many = await StartAsync(context, "many", cancellation);

        // Both are used before memory is read, or the first of everything would be counted as the functions' cost.
        var calledFew = await DeployCalledAsync(few, cancellation);
        var calledMany = await DeployCalledAsync(many, cancellation);
        await DeployAsync(few, 0, FunctionsBefore, cancellation);
        await DeployAsync(many, 0, FunctionsBefore, cancellation);
        await Task.Delay(SettlingTime, cancellation);
        var before = ProcessMemory.ResidentBytes(many.ProcessId);
        context.Progress($"deploying {count} functions");
        await DeployAsync(many, FunctionsBefore, count, cancellation);
        await Task.Delay(SettlingTime, cancellation);
        var after = ProcessMemory.ResidentBytes(many.ProcessId);

        var besideFew = new Contender($"{FunctionsBefore} deployed", () => calledFew, 1, few.ProcessId);
        var besideMany = new Contender($"{count} deployed", () => calledMany, 1, many.ProcessId);
        await Contender.TakeTurnsAsync([besideFew, besideMany], context, cancellation);
        var kilobytes = (after - before) / BytesPerKilobyte / (count - FunctionsBefore);
        return
        [
            Measurement.Alone(
                $"resident memory per function, {count} deployed", "KB", [kilobytes], Targets.MemoryPerFunction,
                "grown heap included: deploying itself makes garbage"),
            besideMany.LatencyAgainst(
                besideFew, $"call beside {count} functions, 1 client, p50", Targets.LatencyWithManyFunctions),
        ];
    }

    private static Task<LambentServer> StartAsync(
        ScenarioContext context, string name, CancellationToken cancellation) =>
        LambentServer.StartAsync(context.Program, context.Folder($"density-{name}"), cancellation);

    private static async Task<LoadRequest> DeployCalledAsync(LambentServer server, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        await server.Lambda.CreateAsync(
            new FunctionDefinition(Called, runtime, "hello.handler", package), cancellation);
        return new LoadRequest(await server.Lambda.CreateUrlAsync(Called, cancellation));
    }

    private static async Task DeployAsync(
        LambentServer server, int from, int to, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        await Parallel.ForEachAsync(
            Enumerable.Range(from, to - from),
            new ParallelOptions { MaxDegreeOfParallelism = CreatesAtOnce, CancellationToken = cancellation },
            async (index, token) => await server.Lambda.CreateAsync(
                new FunctionDefinition($"idle-{index}", runtime, "hello.handler", package), token));
    }
}
