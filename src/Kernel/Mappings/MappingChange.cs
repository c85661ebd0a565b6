using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Mappings;

/// <summary>What a request asks of a mapping; null leaves a member as it is.</summary>
public sealed record MappingChange
{
    public FunctionId? Function { get; init; }

    /// <summary>Belongs to <see cref="Function"/>.</summary>
    public string? Qualifier { get; init; }

    public bool? Enabled { get; init; }

    public int? BatchSize { get; init; }

    public int? WindowSeconds { get; init; }

    public IReadOnlyList<string?>? ResponseTypes { get; init; }

    public IReadOnlyList<string?>? Filters { get; init; }

    /// <summary>Empty takes the limit away.</summary>
    public ScalingChange? Scaling { get; init; }

    /// <summary>The empty string takes it away.</summary>
    public string? OnFailureArn { get; init; }

    public int? RetriesMax { get; init; }

    public IReadOnlyList<string?>? Metrics { get; init; }

    public string? KmsKeyArn { get; init; }
}

public sealed record ScalingChange(int? MaximumConcurrency);

/// <summary>What a decision on a mapping looks at besides the mapping, as of the same transaction.</summary>
public sealed record MappingSurroundings
{
    /// <summary>The time limit of the function that is called, or null when there is no such function.</summary>
    public required int? FunctionTimeoutSeconds { get; init; }

    public required Queues.Queue? Queue { get; init; }

    /// <summary>The id of another mapping of the same queue to the same function, or null.</summary>
    public string? OtherId { get; init; }

    /// <summary>What is wrong with the destination that is asked for, or null.</summary>
    public Error? DestinationRefusal { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required string Region { get; init; }
}
