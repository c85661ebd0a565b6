namespace Lambent.Load.Scaling;

/// <summary>When the number of environments fits a load that no longer changes.</summary>
internal static class ScaleSettling
{
    /// <summary>
    /// Seconds from the load's first step until the number stays within one, or a twentieth, of what the rate needs,
    /// up to the next step; the whole time when it never does.
    /// </summary>
    public static double Seconds(
        IReadOnlyList<(double AtSeconds, int Environments)> wanted, ScaleLoad load, ScaleCluster cluster)
    {
        var from = load.Steps[0];
        var until = load.Steps.Count > 1 ? load.Steps[1] : load.EndSeconds;
        var needed = Math.Ceiling(
            load.RatePerSecond((from + until) / 2) * load.MeanExecutionSeconds / cluster.CallsPerEnvironment);
        var tolerance = Math.Max(1, Math.Floor(needed / 20));
        var settled = from;
        for (var index = 0; index < wanted.Count && wanted[index].AtSeconds < until; index++)
        {
            if (Math.Abs(wanted[index].Environments - needed) > tolerance)
            {
                var next = index + 1 < wanted.Count ? wanted[index + 1].AtSeconds : until;
                settled = Math.Min(until, Math.Max(settled, next));
            }
        }

        return settled - from;
    }
}
