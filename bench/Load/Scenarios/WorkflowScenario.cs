using System.Diagnostics;
using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Durable steps of workflows: executions of ten steps are begun as fast as they are taken, and the clock stops when
/// the last has ended. Restate's handler records ten results of <c>ctx.run</c> in its own process; ours are ten states
/// that compute something, and ten that call a function.
/// </summary>
internal sealed class WorkflowScenario() : Scenario(
    "workflow", "Durable workflow steps per second, against Restate's ctx.run (T10)")
{
    private const int Steps = 10;
    private const int StartsAtOnce = 64;

    /// <summary>Each has at most one call in flight, and an account may have a thousand.</summary>
    private const int Executions = 800;

    private const int ExecutionsQuick = 400;
    /// <summary>
    /// The same is begun so often before it is measured: what a server of ours does is compiled while it does it, and
    /// the peer's index grows to what it works with.
    /// </summary>
    private const int WarmingBatches = 5;

    /// <summary>One after the other in each round, so that it lasts for seconds.</summary>
    private const int Batches = 3;

    private const string Function = "step";

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var runtime = await InstalledRuntime.NodeAsync(cancellation);
        await using var server = await LambentServer.StartAsync(
            context.Program, context.Folder("workflow"), cancellation);
        await server.Lambda.CreateAsync(
            new FunctionDefinition(
                Function, runtime, "hello.handler", FunctionPackage.ZipEmbedded("node/hello.mjs")),
            cancellation);
        using var client = server.CreateWorkflowClient();
        var computing = await client.CreateAsync("computing", Chain(Computes), cancellation);
        var calling = await client.CreateAsync("calling", Chain(Calls), cancellation);
        await using var peer = await OptionalPeer<RestateServer>.StartAsync(async () =>
        {
            var packages = await PeerPackages.InstallAsync(context.CacheFolder, cancellation);
            return await RestateServer.StartAsync(context.Folder("workflow-restate"), packages, cancellation);
        });

        Subject computes = new(
            "Lambent, states that compute",
            new ProcessorCost(server.ProcessId),
            token => client.StartAsync(computing, token),
            Ended(computing));
        Subject calls = new(
            "Lambent, states that call a function",
            new ProcessorCost(server.ProcessId),
            token => client.StartAsync(calling, token),
            Ended(calling));
        List<Subject> subjects = [computes, calls];
        if (peer.Server is { } restate)
        {
            subjects.Insert(0, new Subject(
                "Restate",
                new ProcessorCost(restate.ProcessIds),
                token => restate.SendStepsAsync(Steps, token),
                async (count, token) => await restate.ExecutedAsync(token) >= count));
        }
        else
        {
            context.Progress(peer.Note!);
        }

        await TakeTurnsAsync(context, subjects, cancellation);
        if (await client.AnyAsync(calling, "FAILED", cancellation))
        {
            throw new BenchFailureException("Executions that call a function have failed.");
        }

        return
        [
            Against(computes, "steps that compute", $"processor {computes.Cost} a step"),
            Against(calls, "steps that call a function", $"processor {calls.Cost} a step"),
        ];

        Func<long, CancellationToken, Task<bool>> Ended(string machine) =>
            async (_, token) => !await client.AnyAsync(machine, "RUNNING", token);

        Measurement Against(Subject ours, string what, string cost) =>
            subjects.Find(subject => subject.Name == "Restate") is { } other
                ? Measurement.Against(
                    what,
                    "steps/s",
                    ours.StepsPerSecond,
                    "Restate ctx.run",
                    other.StepsPerSecond,
                    Targets.WorkflowSteps,
                    $"{cost}, peer {other.Cost}")
                : Measurement.Alone(what, "steps/s", ours.StepsPerSecond, note: peer.Note);
    }

    private static async Task TakeTurnsAsync(
        ScenarioContext context, IReadOnlyList<Subject> subjects, CancellationToken cancellation)
    {
        var executions = context.Quick ? ExecutionsQuick : Executions;
        foreach (var subject in subjects)
        {
            context.Progress($"warming up {subject.Name}");
            await MeasureAsync(subject, executions, context.Quick ? 1 : WarmingBatches, cancellation);
        }

        for (var round = 1; round <= context.Rounds; round++)
        {
            foreach (var subject in subjects)
            {
                var batches = context.Quick ? 1 : Batches;
                var rate = await subject.Cost.CountAsync(async () => (
                    await MeasureAsync(subject, executions, batches, cancellation),
                    (long)batches * executions * Steps));
                subject.StepsPerSecond.Add(rate);
                context.Progress($"round {round} of {context.Rounds}: {subject.Name} {rate:N0} steps/s, "
                    + $"processor {subject.Cost.Last} a step");
            }
        }
    }

    private static async Task<double> MeasureAsync(
        Subject subject, int executions, int batches, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        for (var batch = 0; batch < batches; batch++)
        {
            await RunBatchAsync(subject, executions, cancellation);
        }

        return (long)batches * executions * Steps / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Begins executions and waits until all have ended.</summary>
    private static async Task RunBatchAsync(Subject subject, int executions, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, executions),
            new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancellation },
            async (_, token) => await subject.StartAsync(token));
        subject.Started += executions;
        while (!await subject.HasEndedAsync(subject.Started, cancellation))
        {
            if (Stopwatch.GetElapsedTime(started) > DrainLimit)
            {
                throw new BenchFailureException(
                    $"{subject.Name}: executions have not ended within {DrainLimit.TotalSeconds} s.");
            }

            await Task.Delay(PollPeriod, cancellation);
        }
    }

    private static string Chain(Func<int, string> state) => "{\"StartAt\":\"S0\",\"States\":{"
        + string.Join(',', Enumerable.Range(0, Steps).Select(step =>
            $"\"S{step}\":{{{state(step)},{(step == Steps - 1 ? "\"End\":true" : $"\"Next\":\"S{step + 1}\"")}}}"))
        + "}}";

    private static string Computes(int step) => step == 0
        ? "\"Type\":\"Pass\",\"Parameters\":{\"sum\":0}"
        : $"\"Type\":\"Pass\",\"Parameters\":{{\"sum.$\":\"States.MathAdd($.sum, {step})\"}}";

    private static string Calls(int step) =>
        $"\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:us-east-1:000000000000:function:{Function}\"";

    /// <summary>One of those that take turns.</summary>
    /// <param name="Name">In the table.</param>
    /// <param name="Cost">Of the server.</param>
    /// <param name="StartAsync">Begins one.</param>
    /// <param name="HasEndedAsync">Whether so many have ended.</param>
    private sealed record Subject(
        string Name,
        ProcessorCost Cost,
        Func<CancellationToken, Task> StartAsync,
        Func<long, CancellationToken, Task<bool>> HasEndedAsync)
    {
        public long Started { get; set; }

        public List<double> StepsPerSecond { get; } = [];
    }
}
