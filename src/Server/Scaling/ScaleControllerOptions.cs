namespace Lambent.Server.Scaling;

/// <summary>What this node has.</summary>
internal sealed record ScaleControllerOptions
{
    public double Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory that is free now; as of the last collection of garbage, which is good enough.</summary>
    public Func<double> FreeMegabytes { get; init; } = FreeByCollector;

    /// <summary>Whether the processors have been full of late.</summary>
    public Func<bool> IsBusy { get; init; } = () => false;

    private static double FreeByCollector()
    {
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        var free = memory.MemoryLoadBytes > 0
            ? memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes
            : memory.TotalAvailableMemoryBytes;
        return Math.Max(0, free) / (1024.0 * 1024);
    }
}
