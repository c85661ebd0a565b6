namespace Lambent.Server.Functions;

/// <summary>How the activator works.</summary>
public sealed record FunctionActivatorOptions
{
    /// <summary>Functions prepared at a time; preparing is mostly unpacking, which keeps a disk busy.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>The wait before a result that the store refused is written again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);
}
