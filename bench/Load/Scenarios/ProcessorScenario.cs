using System.Globalization;
using System.Text.Json.Nodes;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Memory decides over processor time: the same computation with 256 MB and with 1,792 MB, both under quota, should
/// take times in the ratio of the two. And a function that outgrows its memory harms nobody else.
/// </summary>
internal sealed class ProcessorScenario() : Scenario(
    "cpu", "One computation at 256 MB and at 1,792 MB under quota; a function that outgrows its memory")
{
    private const int SmallMegabytes = 256;
    private const int LargeMegabytes = 1_792;
    private const double ShareRatio = (double)LargeMegabytes / SmallMegabytes;
    private const string Handler = "compute.handler";
    private const string Small = "small";
    private const string Large = "large";
    private const string Neighbour = "neighbour";
    private const string Greedy = "greedy";
    private const string OutOfMemory = "Runtime.OutOfMemory";

    /// <summary>As long as a computation with the large memory should take.</summary>
    private const double SecondsAim = 0.5;

    private const int RoundsOfTrial = 20_000_000;

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await using var server = await LambentServer.StartAsync(
            context.Program, context.Folder("cpu"), cancellation);
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        var compute = FunctionPackage.ZipEmbedded("node/compute.mjs");
        foreach (var (name, megabytes) in new[] { (Small, SmallMegabytes), (Large, LargeMegabytes) })
        {
            await server.Lambda.CreateAsync(
                new FunctionDefinition(name, runtime, Handler, compute)
                {
                    MemoryMegabytes = megabytes, Processor = "quota", TimeoutSeconds = 120,
                },
                cancellation);
            await ComputeAsync(server, name, RoundsOfTrial / 10, cancellation);
        }

        var trial = await ComputeAsync(server, Large, RoundsOfTrial, cancellation);
        var rounds = (int)Math.Clamp(RoundsOfTrial * SecondsAim / trial.Seconds, 1_000_000, 2_000_000_000);
        var small = new List<double>();
        var large = new List<double>();
        var undisturbed = new List<double>();
        for (var round = 1; round <= context.Rounds; round++)
        {
            var computed = await ComputeAsync(server, Large, rounds, cancellation);
            large.Add(computed.Seconds);
            undisturbed.Add(computed.ProcessorSeconds);
            small.Add((await ComputeAsync(server, Small, rounds, cancellation)).Seconds);
            context.Progress($"round {round} of {context.Rounds}: {small[^1]:0.00} s against {large[^1]:0.00} s, "
                + $"ratio {small[^1] / large[^1]:0.0}");
        }

        return
        [
            Measurement.Against(
                $"one computation, {SmallMegabytes} MB under quota", "s", small,
                $"{LargeMegabytes.ToString("N0", CultureInfo.InvariantCulture)} MB", large),
            Measurement.Alone(
                $"that ratio, off the ratio of the shares ({ShareRatio:0.0})", "%", Deviations(small, large),
                Targets.ShareDeviation),
            Measurement.Alone(
                "the same where the large one waits for no processor", "%", Deviations(small, undisturbed),
                Targets.ShareDeviation, "on a busy machine it does, and the small one's quota hides it"),
            await MeasureMemoryAsync(context, server, runtime, cancellation),
        ];
    }

    private static List<double> Deviations(List<double> small, List<double> large) =>
        [.. small.Zip(large, (ours, theirs) => 100 * Math.Abs((ours / theirs / ShareRatio) - 1))];

    private static async Task<Computed> ComputeAsync(
        LambentServer server, string name, int rounds, CancellationToken cancellation)
    {
        var answer = await server.Lambda.InvokeAsync(name, cancellation, $$"""{"rounds":{{rounds}}}""");
        var json = JsonNode.Parse(answer)!;
        return new Computed(json["seconds"]!.GetValue<double>(), json["processorSeconds"]!.GetValue<double>());
    }

    /// <summary>Counts what went wrong: an end that was reported otherwise, a neighbour that was harmed.</summary>
    private static async Task<Measurement> MeasureMemoryAsync(
        ScenarioContext context, LambentServer server, string runtime, CancellationToken cancellation)
    {
        const string Allocate = "allocate.handler";
        var package = FunctionPackage.ZipEmbedded("node/allocate.mjs");
        foreach (var name in new[] { Neighbour, Greedy })
        {
            await server.Lambda.CreateAsync(
                new FunctionDefinition(name, runtime, Allocate, package) { MemoryMegabytes = 128 }, cancellation);
        }

        var before = await server.Lambda.InvokeAsync(Neighbour, cancellation, """{"megabytes":20}""");
        var failures = new List<double>();
        for (var round = 1; round <= context.Rounds; round++)
        {
            var end = await server.Lambda.InvokeFailingAsync(Greedy, """{"megabytes":200}""", cancellation);
            var after = await server.Lambda.InvokeAsync(Neighbour, cancellation);
            failures.Add((end == OutOfMemory ? 0 : 1) + (after == before ? 0 : 1));
            context.Progress($"round {round} of {context.Rounds}: 200 MB in 128 MB ended with {end ?? "success"}");
        }

        return Measurement.Alone(
            $"128 MB function that takes 200 MB: not {OutOfMemory}, or its neighbour harmed", "failures",
            failures, Targets.MemoryHarm);
    }

    /// <summary>How long it took, and how much of that on a processor.</summary>
    private readonly record struct Computed(double Seconds, double ProcessorSeconds);
}
