using Lambent.Kernel.Access;

namespace Lambent.Server.Replays;

/// <summary>A stored call that is to be made again.</summary>
/// <param name="Account">Whose call and function.</param>
/// <param name="RequestId">Of the call.</param>
/// <param name="Qualifier">A version or an alias; null: as the call was qualified.</param>
/// <param name="Event">Another event; null: the same.</param>
internal sealed record ReplayRequest(
    AccountId Account, string RequestId, string? Qualifier, ReadOnlyMemory<byte>? Event);

/// <summary>Stored calls that are to be made again together, as events.</summary>
internal sealed record ReplayBatch
{
    public required AccountId Account { get; init; }

    /// <summary>Only those of this function.</summary>
    public string? Function { get; init; }

    /// <summary>Only those that failed with this group of errors.</summary>
    public string? ErrorGroup { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>A version or an alias; null: as each call was qualified.</summary>
    public string? Qualifier { get; init; }

    /// <summary>At most so many in a second; null: all at once.</summary>
    public double? PerSecond { get; init; }

    public required int Count { get; init; }

    /// <summary>Only look what would be done.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>What became of a batch when it was accepted.</summary>
/// <param name="Job">Names it from then on.</param>
/// <param name="Matched">Failed calls that were found, each counted once.</param>
/// <param name="Accepted">Those that are repeated; with a dry run, that would be.</param>
/// <param name="Skipped">The others, by the reason.</param>
internal sealed record ReplayPlan(string Job, int Matched, int Accepted, IReadOnlyDictionary<string, int> Skipped);

/// <summary>How far a batch is.</summary>
internal sealed record ReplayProgress(string Job, int Waiting, long Succeeded, long Failed);
