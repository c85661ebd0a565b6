namespace Lambent.Kernel.Functions;

/// <summary>
/// How asynchronous calls of a function, a version or an alias are made, and where their results go. What is null is
/// as for a function without a configuration.
/// </summary>
public sealed record EventInvokeConfig
{
    /// <summary>Attempts after the first that failed, 0 to 2; null: 2.</summary>
    public int? MaximumRetryAttempts { get; init; }

    /// <summary>How old an event may become before it is given up, 60 to 21,600 s; null: 21,600.</summary>
    public int? MaximumEventAgeSeconds { get; init; }

    /// <summary>The ARN of the function or queue that gets what succeeded, or null.</summary>
    public string? OnSuccess { get; init; }

    /// <summary>The ARN of the function or queue that gets what failed for good, or null.</summary>
    public string? OnFailure { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }
}
