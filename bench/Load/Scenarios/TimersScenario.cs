using System.Diagnostics;
using System.Globalization;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Executions that wait: what they cost in memory, that nothing runs for them, and how late the last one of them goes
/// on when the time of all comes at once.
/// </summary>
internal sealed class TimersScenario() : Scenario(
    "timers", "10,000 waiting executions: memory, processes, and how late they go on (T15)")
{
    private const int Executions = 10_000;
    private const int ExecutionsQuick = 2_000;
    private const int StartsAtOnce = 64;
    private const double BytesPerMegabyte = 1024 * 1024;

    /// <summary>All are begun by then, and have left the memory.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var executions = context.Quick ? ExecutionsQuick : Executions;
        await using var server = await LambentServer.StartAsync(
            context.Program, context.Folder("timers"), cancellation);
        using var client = server.CreateWorkflowClient();
        var warm = await client.CreateAsync("warm", Waiting("\"Seconds\":0"), cancellation);
        await BeginAsync(client, warm, executions, cancellation);
        var before = server.ResidentBytes();
        var due = TimeProvider.System.GetUtcNow() + Ahead;
        var machine = await client.CreateAsync(
            "waiting",
            Waiting($"\"Timestamp\":\"{due.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}\""),
            cancellation);
        context.Progress($"beginning {executions} executions that wait until {due:HH:mm:ss}");
        await BeginAsync(client, machine, executions, cancellation);
        var begun = TimeProvider.System.GetUtcNow();
        if (begun > due)
        {
            throw new BenchFailureException($"Beginning them took {(begun - due + Ahead).TotalSeconds:0} s.");
        }

        context.Progress($"begun, {(due - begun).TotalSeconds:0} s ahead of their time");
        await Task.Delay((due - begun) / 2, cancellation);
        var memory = (server.ResidentBytes() - before) / BytesPerMegabyte;
        var left = due - TimeProvider.System.GetUtcNow();
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
        var late = await LatenessAsync(client, machine, cancellation);
        return
        [
            Measurement.Alone(
                $"memory of {executions} waiting executions", "MB", [memory], Targets.WaitingMemory),
            Measurement.Alone(
                "from their time until the last had ended", "s", [late.TotalSeconds], Targets.WaitingLateness),
        ];
    }

    private static Task BeginAsync(
        StepFunctionsClient client, string machine, int executions, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, executions),
            new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancellation },
            async (_, token) => await client.StartAsync(machine, token));

    private static async Task<TimeSpan> LatenessAsync(
        StepFunctionsClient client, string machine, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (await client.AnyAsync(machine, "RUNNING", cancellation))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new BenchFailureException("Executions still wait long after their time.");
            }

            await Task.Delay(PollPeriod, cancellation);
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static string Waiting(string until) =>
        $"{{\"StartAt\":\"W\",\"States\":{{\"W\":{{\"Type\":\"Wait\",{until},\"End\":true}}}}}}";
}
