using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;

namespace Lambent.Storage.Telemetry.Calls;

/// <summary>A call with its event and its answer, as far as they were kept.</summary>
/// <param name="Input">The event; null when it was larger than the limit.</param>
/// <param name="InputBytes">Its own size.</param>
/// <param name="Output">The answer or the error object; null when it was larger, or streamed to the caller.</param>
/// <param name="InputMasked">Values of secret variables were taken out: it is not the event that was sent.</param>
/// <param name="ErrorGroup">The group of its error, or null.</param>
public sealed record StoredCall(
    string InvokedArn,
    string? ClientContext,
    ReadOnlyMemory<byte>? Input,
    int InputBytes,
    ReadOnlyMemory<byte>? Output,
    int OutputBytes,
    bool IsStreamed,
    bool InputMasked,
    bool OutputMasked,
    string? ErrorGroup);

/// <summary>A call in a list.</summary>
/// <param name="IsStored">Whether its event is there to look at.</param>
/// <param name="ErrorGroup">The group of its error, or null.</param>
public sealed record CallEntry(InvocationRecord Record, bool IsStored, string? ErrorGroup);

/// <summary>Everything that is known of one call.</summary>
/// <param name="Attempts">Records of the request id: an asynchronous call has one for each attempt; the newest first.
/// </param>
/// <param name="Stored">Of the newest attempt that was kept, or null.</param>
/// <param name="Replays">Calls that repeated it, the newest first.</param>
public sealed record CallDetail(
    IReadOnlyList<InvocationRecord> Attempts, StoredCall? Stored, IReadOnlyList<CallEntry> Replays);

/// <summary>Which calls to list, the newest first.</summary>
public sealed record CallQuery
{
    public required AccountId Account { get; init; }

    public string? Function { get; init; }

    public string? Version { get; init; }

    /// <summary>Null: however they ended.</summary>
    public IReadOnlyList<OutcomeKind>? Outcomes { get; init; }

    /// <summary>invoke, url, event, queue, workflow; null: any.</summary>
    public string? Source { get; init; }

    public TimeSpan? DurationMin { get; init; }

    /// <summary>Only those that began with a cold start, or only the others.</summary>
    public bool? IsCold { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Those that failed with this group of errors, as far as they were kept.</summary>
    public string? ErrorGroup { get; init; }

    public int Limit { get; init; } = 50;

    /// <summary>Where the page before ended, as it said.</summary>
    public string? PageToken { get; init; }
}
