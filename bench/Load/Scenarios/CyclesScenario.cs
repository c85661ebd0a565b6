using System.Diagnostics;
using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Environments that are started and killed, thousands of times: nothing of them may stay. Three kinds of program end
/// themselves in the middle of a call; a fourth is deleted while its environment is warm.
/// </summary>
internal sealed class CyclesScenario() : Scenario(
    "cycles", "What is left after environments were started and killed (10,000; --functions N)")
{
    private const int CyclesUsual = 10_000;
    private const int CyclesQuick = 400;
    private const int CallsAtOnce = 4;
    private const string Deleted = "deleted";

    /// <summary>What the first ones leave for good: compiled code, the heap, threads, connections.</summary>
    private const int CyclesOfWarmUp = 500;

    /// <summary>Environments end, and idle threads with them, within this time.</summary>
    private static readonly TimeSpan SettlingLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(500);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var cycles = context.Functions ?? (context.Quick ? CyclesQuick : CyclesUsual);
        var data = context.Folder("cycles");
        await using var server = await LambentServer.StartAsync(
            context.Program, data, cancellation, "--warm-memory", "0");
        var kinds = await DeployAsync(server, cancellation);
        await CycleAsync(context, server, kinds, CyclesOfWarmUp, cancellation);
        var before = await SettleAsync(server, data, null, cancellation);
        var began = Stopwatch.GetTimestamp();
        await CycleAsync(context, server, kinds, cycles, cancellation);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = await SettleAsync(server, data, before, cancellation);

        var grown = after.ResidentMegabytes - before.ResidentMegabytes;
        return
        [
            .. after.Counts.Select(count => Measurement.Alone(
                $"{count.Key} after {cycles.ToString("N0", CultureInfo.InvariantCulture)} cycles",
                "left",
                [Math.Max(0, count.Value - before.Counts[count.Key])],
                Targets.Leftovers,
                $"{before.Counts[count.Key]} before, {count.Value} after")),
            Measurement.Alone(
                "resident memory of the server, growth", "MB", [grown], Targets.GrownMemory,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{before.ResidentMegabytes:0} before, {after.ResidentMegabytes:0} after")),
            Measurement.Alone("one cycle", "ms", [seconds * 1_000 / cycles], note: $"{CallsAtOnce} at a time"),
        ];
    }

    private static async Task<IReadOnlyList<FunctionDefinition>> DeployAsync(
        LambentServer server, CancellationToken cancellation)
    {
        List<FunctionDefinition> kinds =
        [
            new("node", await InstalledRuntime.NodeAsync(cancellation), "exits.handler",
                FunctionPackage.ZipEmbedded("node/exits.mjs")),
            new("custom", "provided.al2023", "exits",
                FunctionPackage.Zip(("bootstrap", EmbeddedProgram.Read("custom/exits")))),
        ];
        if (File.Exists(InstalledRuntime.SystemPython))
        {
            kinds.Add(new(
                "python", await InstalledRuntime.PythonAsync(cancellation), "exits.handler",
                FunctionPackage.ZipEmbedded("python/exits.py")));
        }

        foreach (var kind in kinds)
        {
            await server.Lambda.CreateAsync(kind, cancellation);
        }

        kinds.Add(kinds[0] with { Name = Deleted });
        return kinds;
    }

    private static async Task CycleAsync(
        ScenarioContext context,
        LambentServer server,
        IReadOnlyList<FunctionDefinition> kinds,
        int cycles,
        CancellationToken cancellation)
    {
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(_ => CallAsync()));

        async Task CallAsync()
        {
            while (Interlocked.Increment(ref done) is var number && number <= cycles)
            {
                var kind = kinds[number % kinds.Count];
                if (kind.Name == Deleted)
                {
                    await CreateAndDeleteAsync(server, kind with { Name = $"{Deleted}-{number}" }, cancellation);
                }
                else if (await server.Lambda.InvokeFailingAsync(kind.Name, "{}", cancellation) is null)
                {
                    throw new BenchFailureException($"The function {kind.Name} was to end its environment.");
                }

                if (number % 500 == 0)
                {
                    context.Progress($"{number} of {cycles} cycles");
                }
            }
        }
    }

    private static async Task CreateAndDeleteAsync(
        LambentServer server, FunctionDefinition function, CancellationToken cancellation)
    {
        await server.Lambda.CreateAsync(function, cancellation);
        await server.Lambda.InvokeAsync(function.Name, cancellation, """{"exit":false}""");
        await server.Lambda.DeleteAsync(function.Name, cancellation);
    }

    /// <summary>Reads until nothing is above <paramref name="before"/>, or the time for that is over.</summary>
    private static async Task<ServerHoldings> SettleAsync(
        LambentServer server, string dataFolder, ServerHoldings? before, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = ServerHoldings.Read(server.ProcessId, dataFolder);
            var settled = before is null
                ? now.Counts["processes"] == 0 && Stopwatch.GetElapsedTime(began) > SettlingLimit / 4
                : now.Counts.All(count => count.Value <= before.Counts[count.Key]);
            if (settled || Stopwatch.GetElapsedTime(began) > SettlingLimit)
            {
                return now;
            }

            await Task.Delay(PollPeriod, cancellation);
        }
    }
}
