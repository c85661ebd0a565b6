using System.Diagnostics;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// T6 and T7: the first call of functions that were never called, one after another with the pool given time to refill,
/// in turns with the bare start of the same runtime.
/// </summary>
internal sealed class ColdScenario() : Scenario(
    "cold", "First calls of new functions per runtime against the runtime's bare start (T6, T7)")
{
    private const int FunctionsUsual = 50;
    private const int FunctionsQuick = 12;

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        await using var server = await LambentServer.StartAsync(context.Program, context.Folder("cold"), cancellation);
        var count = context.Functions ?? (context.Quick ? FunctionsQuick : FunctionsUsual);
        var measurements = new List<Measurement>();
        foreach (var subject in await ColdSubjects.PrepareAsync(context, cancellation))
        {
            context.Progress($"{subject.Language}: {count} new functions against {subject.FloorName}");
            try
            {
                measurements.AddRange(await MeasureAsync(server, subject, count, cancellation));
            }
            catch (BenchFailureException failure)
            {
                // One runtime that is missing here must not hide the others.
                context.Progress($"{subject.Language} is left out: {failure.Message}");
            }
        }

        return measurements;
    }

    private static async Task<IReadOnlyList<Measurement>> MeasureAsync(
        LambentServer server, ColdSubject subject, int count, CancellationToken cancellation)
    {
        var first = new List<double>();
        var floor = new List<double>();

        // One is called before and not counted: the server has then loaded what serves this runtime at all.
        await CallNewAsync(server, subject with { Language = $"{subject.Language}-first" }, 0, cancellation);
        await ServerMetrics.AwaitFullPoolAsync(server.Address, cancellation);
        await BareStart.MeasureAsync(subject.FloorCommand, cancellation);
        for (var index = 0; index < count; index++)
        {
            first.Add((await CallNewAsync(server, subject, index, cancellation)).TotalMilliseconds);
            await ServerMetrics.AwaitFullPoolAsync(server.Address, cancellation);
            floor.Add((await BareStart.MeasureAsync(subject.FloorCommand, cancellation)).TotalMilliseconds);
        }

        var ours99 = Samples.Percentile(first, 0.99);
        var floor99 = Samples.Percentile(floor, 0.99);
        return
        [
            Measurement.Against(
                $"{subject.Language}: first call of a new function, p50 of {count}",
                "ms", first, subject.FloorName, floor, subject.Target),
            new Measurement
            {
                What = $"{subject.Language}: first call of a new function, p99 of {count}",
                Unit = "ms",
                Ours = ours99,
                PeerName = subject.FloorName,
                Peer = floor99,
                Ratio = ours99 / floor99,
            },
        ];
    }

    private static async Task<TimeSpan> CallNewAsync(
        LambentServer server, ColdSubject subject, int index, CancellationToken cancellation)
    {
        var name = $"cold-{subject.Language}-{index}";
        await server.Lambda.CreateAsync(
            new FunctionDefinition(name, subject.Runtime, subject.Handler, subject.Package), cancellation);
        var started = Stopwatch.GetTimestamp();
        await server.Lambda.InvokeAsync(name, cancellation);
        var duration = Stopwatch.GetElapsedTime(started);

        // Its environment goes with it, so that the hundredth function is not measured beside ninety-nine idle ones.
        await server.Lambda.DeleteAsync(name, cancellation);
        return duration;
    }
}
