using Lambent.Load.Measures;

namespace Lambent.Load.Processes;

/// <summary>
/// Processor microseconds for each of many like things: of a server, and of the environments below it. On a machine
/// that others use it is steadier than any rate.
/// </summary>
/// <param name="processIds">The server's, without those of its environments.</param>
internal sealed class ProcessorCost(params IReadOnlyList<int> processIds)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    private readonly List<double> own = [];
    private readonly List<double> below = [];

    /// <summary>The last of those counted.</summary>
    public string Last => Text(own[^1], below[^1]);

    public override string ToString() => Text(Samples.Median(own), Samples.Median(below));

    /// <summary>Does something and counts what one of the things took.</summary>
    /// <param name="work">What; gives how many things it did, and what the caller wants.</param>
    public async Task<T> CountAsync<T>(Func<Task<(T Result, long Count)>> work)
    {
        var (ownBefore, belowBefore) = Seconds();
        var (result, count) = await work();
        var (ownAfter, belowAfter) = Seconds();
        own.Add((ownAfter - ownBefore) * MicrosecondsPerSecond / count);
        below.Add(Math.Max(belowAfter - belowBefore, 0) * MicrosecondsPerSecond / count);
        return result;
    }

    private (double Own, double Below) Seconds() => (
        processIds.Sum(ProcessTree.ProcessorSeconds),
        processIds.SelectMany(ProcessTree.Descendants).Sum(ProcessTree.ProcessorSeconds));

    private string Text(double own, double below) =>
        this.below.Exists(cost => cost > 0) ? $"{own:0} + {below:0} µs" : $"{own:0} µs";
}
