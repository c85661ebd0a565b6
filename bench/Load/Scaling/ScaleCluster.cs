namespace Lambent.Load.Scaling;

/// <summary>What the simulated work runs on; the same for every policy.</summary>
/// <param name="Nodes">Machines.</param>
/// <param name="EnvironmentsPerNode">Environments that fit on one.</param>
/// <param name="StartsPerNode">Starts at a time on one; more wait for their turn.</param>
/// <param name="StartSeconds">What a start takes.</param>
/// <param name="CallsPerEnvironment">
/// Calls at a time in one environment. They use its processor together: it is as busy as its places are.
/// </param>
internal sealed record ScaleCluster(
    int Nodes,
    int EnvironmentsPerNode = 8,
    int StartsPerNode = 2,
    double StartSeconds = 0.25,
    int CallsPerEnvironment = 16)
{
    public int EnvironmentsMax => Nodes * EnvironmentsPerNode;
}
