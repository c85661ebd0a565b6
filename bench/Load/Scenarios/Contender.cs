using Lambent.Load.Generators;
using Lambent.Load.Measures;

namespace Lambent.Load.Scenarios;

/// <summary>One of those that take turns: a request, repeated over some connections.</summary>
internal sealed class Contender(string name, Func<LoadRequest> request, int connections)
{
    private readonly List<WrkResult> rounds = [];

    public string Name { get; } = name;

    /// <summary>Asked for before each run, because a signature ages.</summary>
    public LoadRequest Request => request();

    public int Connections { get; } = connections;

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
            await wrk.RunAsync(contender.Request, contender.Connections, context.WarmUpDuration, cancellation);
        }

        for (var round = 1; round <= context.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var result = await wrk.RunAsync(
                    contender.Request, contender.Connections, context.RoundDuration, cancellation);
                contender.rounds.Add(result);
                context.Progress(
                    $"round {round} of {context.Rounds}: {contender.Name} {result.RequestsPerSecond:N0}/s, "
                    + $"p50 {result.MedianMilliseconds:0.00} ms");
            }
        }
    }

    public Measurement ThroughputAgainst(Contender peer, string what, Target? target = null, string? note = null) =>
        Measurement.Against(
            what, "requests/s", RequestsPerSecond, peer.Name, peer.RequestsPerSecond, target,
            note ?? $"p50 {Samples.Median(MedianMilliseconds):0.00} ms, p99 {Samples.Median(Percentile99Milliseconds):0.0} ms");

    public Measurement LatencyAgainst(Contender peer, string what, Target? target = null) =>
        Measurement.Against(what, "ms", MedianMilliseconds, peer.Name, peer.MedianMilliseconds, target);
}
