using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>How an iteration of a Map ended, for who asks afterwards.</summary>
public sealed record MapIteration
{
    public required int Index { get; init; }

    /// <summary>Running: it never began.</summary>
    public required ExecutionStatus Status { get; init; }

    public DataValue? Input { get; init; }

    public DataValue? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    internal static MapIteration Of(Branch child, JournalEvent ended) => new()
    {
        Index = child.Index,
        Status = ended.Type switch
        {
            JournalEventType.MapIterationSucceeded => ExecutionStatus.Succeeded,
            JournalEventType.MapIterationFailed => ExecutionStatus.Failed,
            _ => ExecutionStatus.Aborted,
        },
        Input = child.GivenInput,
        Output = ended.Type == JournalEventType.MapIterationSucceeded ? child.Result : null,
        Error = ended.Error,
        Cause = ended.Cause,
        StartedAt = child.OpenedAt,
        StoppedAt = ended.At,
    };
}
