using Lambent.Load.Measures;
using Lambent.Load.Scaling;

namespace Lambent.Load.Scenarios;

/// <summary>
/// The scale controller against target-based scaling as Azure publishes it and against a threshold of processor use,
/// on the same simulated nodes. Nothing is started or timed; the rounds are seeds.
/// </summary>
internal sealed class ScaleScenario() : Scenario(
    "scale", "Scale controller against target-based and processor-threshold scaling, simulated")
{
    private const int LargeNodes = 200;

    /// <summary>The load of this many nodes on the 200: the environments that fit are not what is compared there.</summary>
    private const int LargeFactor = 40;
    private const int LargeFactorQuick = 8;

    private static readonly (string Name, Func<IScalePolicy> Make)[] Policies =
    [
        ("controller", () => new ControllerPolicy()),
        ("target / 30 s", () => new AzureTargetPolicy(30)),
        ("target / 1 s", () => new AzureTargetPolicy(1)),
        ("processor", () => new ProcessorThresholdPolicy()),
    ];

    public override Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        List<Measurement> measurements = [];
        foreach (var load in ScaleLoads.Queued)
        {
            measurements.AddRange(Compare(context, load, new ScaleCluster(Nodes: 1), 1, cancellation));
            measurements.AddRange(Compare(
                context,
                load,
                new ScaleCluster(LargeNodes),
                context.Quick ? LargeFactorQuick : LargeFactor,
                cancellation));
        }

        return Task.FromResult<IReadOnlyList<Measurement>>(measurements);
    }

    /// <summary>What each policy made of the load, in their order.</summary>
    public static ScaleOutcome[] Run(ScaleLoad load, ScaleCluster cluster, int seed) =>
        [.. Policies.Select(policy => new ScaleSimulation(cluster, policy.Make()).Run(load, seed))];

    private static IEnumerable<Measurement> Compare(
        ScenarioContext context, ScaleLoad load, ScaleCluster cluster, int factor, CancellationToken cancellation)
    {
        var nodes = cluster.Nodes == 1 ? "1 node" : $"{cluster.Nodes} nodes";
        List<ScaleOutcome[]> rounds = [];
        for (var round = 1; round <= context.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            context.Progress($"{load.Name} on {nodes}, round {round} of {context.Rounds}");
            rounds.Add(Run(load.Times(factor), cluster, round));
        }

        var label = $"{load.Name}, {nodes}: ";
        for (var peer = 1; peer < Policies.Length; peer++)
        {
            yield return Against(label + "wait p50", "ms", outcome => 1e3 * outcome.WaitMedianSeconds, peer, null);
            yield return Against(
                label + "wait p99", "ms", outcome => 1e3 * outcome.WaitTailSeconds, peer, Targets.ScaleWait);
            yield return Against(label + "late", "messages", outcome => outcome.Late, peer, Targets.ScaleLate);
            yield return Against(
                label + "environments", "s", outcome => outcome.EnvironmentSeconds, peer, null);
        }

        yield return Measurement.Alone(
            label + "turns", "", [.. rounds.Select(outcomes => (double)outcomes[0].DirectionChanges)],
            note: "others " + string.Join(", ", Policies.Skip(1).Select((policy, index) =>
                $"{rounds[0][index + 1].DirectionChanges} {policy.Name}")));
        if (load.Steps.Count > 0)
        {
            var settled = rounds.Select(outcomes =>
                ScaleSettling.Seconds(outcomes[0].Wanted, load.Times(factor), cluster)).ToList();
            yield return Measurement.Alone(label + "settled after", "s", settled, Targets.ScaleSettled, "others "
                + string.Join(", ", Policies.Skip(1).Select((policy, index) => FormattableString.Invariant(
                    $"{ScaleSettling.Seconds(rounds[0][index + 1].Wanted, load.Times(factor), cluster):0} s {policy.Name}"))));
        }

        Measurement Against(string what, string unit, Func<ScaleOutcome, double> figure, int peer, Target? target)
        {
            var ours = rounds.Select(outcomes => figure(outcomes[0])).ToList();
            var theirs = rounds.Select(outcomes => figure(outcomes[peer])).ToList();
            var measurement = Measurement.Against(what, unit, ours, Policies[peer].Name, theirs, target);

            // Of nothing there is no ratio: as good as it gets when ours is nothing as well.
            return double.IsFinite(measurement.Ratio ?? 0) ? measurement
                : measurement with { Ratio = null, Target = null };
        }
    }
}
