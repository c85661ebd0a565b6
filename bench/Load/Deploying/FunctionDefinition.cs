namespace Lambent.Load.Deploying;

/// <summary>What to deploy.</summary>
internal sealed record FunctionDefinition(string Name, string Runtime, string Handler, byte[] Package)
{
    /// <summary>Calls at a time in one environment.</summary>
    public int EnvironmentConcurrency { get; init; } = 1;

    /// <summary>A whole core's worth by default, because the peers have one.</summary>
    public int MemoryMegabytes { get; init; } = 1769;

    /// <summary>quota or share; null: as the server was started.</summary>
    public string? Processor { get; init; }

    /// <summary>ARN of who gets the results of calls that somebody waits for; null: nobody.</summary>
    public string? SyncDestination { get; init; }

    public int TimeoutSeconds { get; init; } = 30;
}
