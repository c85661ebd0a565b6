namespace Lambent.Load.Scaling;

/// <summary>A load on nodes, and the policies that are tried on it: ours first.</summary>
/// <param name="Label">For the table.</param>
/// <param name="Load">What arrives.</param>
/// <param name="Cluster">What it runs on.</param>
/// <param name="LateSeconds">Who waited longer is late.</param>
/// <param name="Policies">By name.</param>
internal sealed record ScaleContest(
    string Label,
    ScaleLoad Load,
    ScaleCluster Cluster,
    double LateSeconds,
    IReadOnlyList<(string Name, Func<IScalePolicy> Make)> Policies)
{
    private const int LargeNodes = 200;

    /// <summary>How many nodes' load the 200 get: each event of it is simulated.</summary>
    private const int LargeFactor = 40;
    private const int LargeFactorQuick = 8;

    private static readonly (string Name, Func<IScalePolicy> Make)[] ForQueues =
    [
        ("controller", () => new ControllerPolicy()),
        ("target / 30 s", () => new AzureTargetPolicy(30)),
        ("target / 1 s", () => new AzureTargetPolicy(1)),
        ("processor", () => new ProcessorThresholdPolicy()),
    ];

    private static readonly (string Name, Func<IScalePolicy> Make)[] ForCallers =
    [
        ("controller", () => new HttpControllerPolicy()),
        ("on demand", () => new HttpControllerPolicy(startsAhead: false)),
        ("one a second", () => new IncrementalPolicy()),
        ("processor", () => new ProcessorThresholdPolicy()),
    ];

    /// <summary>An environment for each call; its start is all that a call waits for.</summary>
    private static readonly ScaleCluster Callers = new(
        Nodes: 1, EnvironmentsPerNode: 128, StartsPerNode: 128, StartSeconds: 0.25, CallsPerEnvironment: 1);

    public static IEnumerable<ScaleContest> All(bool quick)
    {
        var factor = quick ? LargeFactorQuick : LargeFactor;
        foreach (var load in ScaleLoads.Queued)
        {
            yield return new ScaleContest($"{load.Name}, 1 node", load, new ScaleCluster(1), 1, ForQueues);
            yield return new ScaleContest(
                $"{load.Name}, {LargeNodes} nodes", load.Times(factor), new ScaleCluster(LargeNodes), 1, ForQueues);
        }

        foreach (var load in ScaleLoads.Called)
        {
            yield return new ScaleContest(load.Name, load, Callers, 0.1, ForCallers);
        }
    }

    /// <summary>What each policy made of it, in their order.</summary>
    public ScaleOutcome[] Run(int seed) =>
        [.. Policies.Select(policy => new ScaleSimulation(Cluster, policy.Make(), LateSeconds).Run(Load, seed))];
}
