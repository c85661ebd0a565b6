using Lambent.Load.Generators;
using Lambent.Load.Measures;
using Lambent.Load.Processes;

namespace Lambent.Load.Scenarios;

/// <summary>One of those that take turns: a request, repeated over some connections, to a server.</summary>
/// <param name="name">In the table.</param>
/// <param name="request">What is repeated; asked for before each run, because a signature ages.</param>
/// <param name="connections">Each with one request at a time.</param>
/// <param name="processId">The server, whose processor time is counted, and that of the processes below it.</param>
internal sealed class Contender(string name, Func<LoadRequest> request, int connections, int processId)
{
    private readonly List<WrkResult> rounds = [];
    private readonly ProcessorCost cost = new(processId);

    public string Name { get; } = name;

    private LoadRequest Request => request();

    public IReadOnlyList<double> RequestsPerSecond => [.. rounds.Select(round => round.RequestsPerSecond)];

    public IReadOnlyList<double> MedianMilliseconds => [.. rounds.Select(round => round.MedianMilliseconds)];

    public IReadOnlyList<double> Percentile99Milliseconds =>
        [.. rounds.Select(round => round.Percentile99Milliseconds)];

    /// <summary>Lets them take turns, so that whatever else the machine does hits all of them alike.</summary>
    public static async Task TakeTurnsAsync(
        IReadOnlyList<Contender> contenders, ScenarioContext context, CancellationToken cancellation)
    {
        var wrk = new Wrk(context.WorkFolder);
        foreach (var contender in contenders)
        {
            context.Progress($"warming up {contender.Name}");
            await ExpectedAnswer.CheckAsync(contender.Request, cancellation);
            await contender.RunAsync(wrk, context.WarmUpDuration, cancellation);
        }

        for (var round = 1; round <= context.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                await contender.MeasureAsync(wrk, context.RoundDuration, cancellation);
                context.Progress($"round {round} of {context.Rounds}: {contender.LastRound}");
            }
        }
    }

    private string LastRound => $"{Name} {rounds[^1].RequestsPerSecond:N0}/s, "
        + $"p50 {rounds[^1].MedianMilliseconds:0.00} ms, "
        + $"processor {cost.Last} a request";

    public Measurement ThroughputAgainst(Contender peer, string what, Target? target = null) =>
        Measurement.Against(
            what, "requests/s", RequestsPerSecond, peer.Name, peer.RequestsPerSecond, target,
            $"p50 {Samples.Median(MedianMilliseconds):0.00} ms, p99 {Samples.Median(Percentile99Milliseconds):0.0} ms; "
            + $"processor {cost} a request, peer {peer.cost}");

    public Measurement LatencyAgainst(Contender peer, string what, Target? target = null) =>
        Measurement.Against(what, "ms", MedianMilliseconds, peer.Name, peer.MedianMilliseconds, target);

    private Task<WrkResult> RunAsync(Wrk wrk, TimeSpan duration, CancellationToken cancellation) =>
        wrk.RunAsync(Request, connections, duration, cancellation);

    private async Task MeasureAsync(Wrk wrk, TimeSpan duration, CancellationToken cancellation) =>
        rounds.Add(await cost.CountAsync(async () =>
        {
            var result = await RunAsync(wrk, duration, cancellation);
            return (result, result.Requests);
        }));
}
