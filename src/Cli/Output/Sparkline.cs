namespace Lambent.Cli.Output;

/// <summary>Counts over time as a line of blocks, from the oldest to the newest.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const char Nothing = '·';

    public static string Of(IReadOnlyList<long> counts)
    {
        var most = counts.Count == 0 ? 0 : counts.Max();
        return string.Concat(counts.Select(count => count <= 0
            ? Nothing
            : Blocks[(int)Math.Min(Blocks.Length - 1, (count * Blocks.Length - 1) / Math.Max(1, most))]));
    }
}
