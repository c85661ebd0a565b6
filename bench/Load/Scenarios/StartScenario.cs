using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>T12: from the start of the process to its ready line, and its memory when nobody calls.</summary>
internal sealed class StartScenario() : Scenario(
    "start", "Server start to ready and idle memory, with an empty and with a used data folder (T12)")
{
    private const double BytesPerMegabyte = 1024 * 1024;
    private const int FunctionsOfUsedFolder = 100;

    /// <summary>The pool has been filled by then, and what only the start needed is gone.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(3);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var used = context.Folder("start-used");
        await UseAsync(context, used, cancellation);
        var empty = new List<Start>();
        var again = new List<Start>();
        for (var round = 1; round <= context.Rounds; round++)
        {
            var fresh = Path.Combine(context.WorkFolder, $"start-empty-{round}");
            empty.Add(await MeasureAsync(context, fresh, cancellation));
            again.Add(await MeasureAsync(context, used, cancellation));
            context.Progress($"round {round} of {context.Rounds}: ready in {empty[^1].Seconds:0.00} s empty, "
                + $"{again[^1].Seconds:0.00} s used; idle {empty[^1].Megabytes:0} MB");
        }

        return
        [
            Measurement.Alone(
                "empty data folder: start to ready",
                "s", [.. empty.Select(start => start.Seconds)], Targets.ServerStart),
            Measurement.Alone(
                $"data folder with {context.Functions ?? FunctionsOfUsedFolder} functions: start to ready",
                "s", [.. again.Select(start => start.Seconds)], Targets.ServerStart),
            Measurement.Alone(
                "idle resident memory of the server", "MB",
                [.. empty.Select(start => start.Megabytes)], Targets.IdleMemory),
            Measurement.Alone(
                "memory of the processes it keeps ready (proportional)", "MB",
                [.. empty.Select(start => start.PoolMegabytes)],
                note: $"{empty[^1].PoolProcesses} processes"),
        ];
    }

    private static async Task UseAsync(ScenarioContext context, string folder, CancellationToken cancellation)
    {
        var count = context.Functions ?? FunctionsOfUsedFolder;
        context.Progress($"deploying {count} functions into a data folder");
        await using var server = await LambentServer.StartAsync(context.Program, folder, cancellation);
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var package = FunctionPackage.ZipEmbedded("node/hello.mjs");
        for (var index = 0; index < count; index++)
        {
            await server.Lambda.CreateAsync(
                new FunctionDefinition($"used-{index}", runtime, "hello.handler", package), cancellation);
        }

        await server.Lambda.InvokeAsync("used-0", cancellation);
    }

    private static async Task<Start> MeasureAsync(
        ScenarioContext context, string folder, CancellationToken cancellation)
    {
        await using var server = await LambentServer.StartAsync(context.Program, folder, cancellation);
        await Task.Delay(SettlingTime, cancellation);
        var (processes, bytes) = ProcessMemory.OfDescendants(server.ProcessId);
        return new Start(
            server.StartDuration.TotalSeconds,
            server.ResidentBytes() / BytesPerMegabyte,
            processes,
            bytes / BytesPerMegabyte);
    }

    private sealed record Start(double Seconds, double Megabytes, int PoolProcesses, double PoolMegabytes);
}
