using Lambent.Kernel.Scaling;
using Lambent.Load.KeepAlive;
using Lambent.Load.Measures;

namespace Lambent.Load.Scenarios;

/// <summary>
/// T16: a day's calls with the published shape of Azure's, replayed against policies. Nothing is started or timed; the
/// rounds are seeds, none of which is the seed that the policy's parameters were chosen on.
/// </summary>
internal sealed class KeepAliveScenario() : Scenario(
    "keepalive", "Keep-alive policy against fixed idle times on a generated day (T16)")
{
    /// <summary>What the parameters of <see cref="KeepAliveOptions"/> were chosen on; never reported.</summary>
    public const int TuningSeed = 1;

    private const double MegabyteSecondsPerGigabyteHour = 1024 * 3600;

    private static readonly (string Name, TimeSpan Duration, Target ColdStarts)[] Peers =
    [
        ("fixed 10 min", TimeSpan.FromMinutes(10), Targets.ColdStartsKept),
        ("fixed 20 min", TimeSpan.FromMinutes(20), Targets.ColdStartsKeptLonger),
    ];

    public override Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var functions = context.Functions ?? (context.Quick ? 500 : 2_000);
        KeepAliveReplay[] replays =
        [
            new(new KeepAlivePolicy(new KeepAliveOptions()), predicts: true),
            .. Peers.Select(peer => KeepAliveReplay.Fixed(peer.Duration)),
        ];
        var rounds = new List<ReplayCost[]>();
        for (var round = 1; round <= context.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            context.Progress($"day {round} of {context.Rounds}: {functions} functions");
            rounds.Add(Replay(replays, TuningSeed + round, functions));
        }

        List<Measurement> measurements = [];
        for (var peer = 0; peer < Peers.Length; peer++)
        {
            var (index, name) = (peer + 1, Peers[peer].Name);
            measurements.Add(Against(
                "cold starts", "calls", name, cost => cost.ColdStarts, Peers[peer].ColdStarts, rounds, index));
            measurements.Add(Against(
                "idle memory", "GB h", name, cost => cost.IdleMegabyteSeconds / MegabyteSecondsPerGigabyteHour,
                Targets.IdleMemoryKept, rounds, index));
        }

        measurements.Add(Against("environments started", "", Peers[0].Name, cost => cost.Starts, null, rounds, 1));
        return Task.FromResult<IReadOnlyList<Measurement>>(measurements);
    }

    /// <summary>The costs of the policies, in their order, on the same day.</summary>
    public static ReplayCost[] Replay(IReadOnlyList<KeepAliveReplay> replays, int seed, int functions)
    {
        var costs = replays.Select(_ => new ReplayCost()).ToArray();
        foreach (var function in new TraceGenerator(seed).Generate(functions))
        {
            for (var index = 0; index < replays.Count; index++)
            {
                costs[index] += replays[index].Run(function, TraceGenerator.DaySeconds);
            }
        }

        return costs;
    }

    private static Measurement Against(
        string what,
        string unit,
        string peerName,
        Func<ReplayCost, double> figure,
        Target? target,
        IReadOnlyList<ReplayCost[]> rounds,
        int peer) => Measurement.Against(
            what,
            unit,
            [.. rounds.Select(costs => figure(costs[0]))],
            peerName,
            [.. rounds.Select(costs => figure(costs[peer]))],
            target);
}
