using Lambent.Kernel.Access;

namespace Lambent.Kernel.Events;

public enum EventEnd
{
    Succeeded,

    /// <summary>No attempt was left.</summary>
    RetriesExhausted,

    /// <summary>It became too old.</summary>
    Expired,

    /// <summary>What it was for is no more.</summary>
    TargetGone,

    /// <summary>The function's reserved concurrency is 0.</summary>
    Disabled,

    /// <summary>Its owner wanted no further attempt.</summary>
    Cancelled,
}

/// <summary>
/// How an event ended, kept for a while: when its result was asked for, when it came with an idempotency key, and when
/// it ended otherwise than well and was handed on.
/// </summary>
public sealed record EventResult
{
    public required string Id { get; init; }

    public required DeliveryTarget Target { get; init; }

    public required EventEnd End { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The handler's result, or its error object. Empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    public string? Error { get; init; }

    /// <summary>Why a destination did not get its record, or null.</summary>
    public string? DestinationError { get; init; }

    public DateTimeOffset KeptUntil => EndedAt + Limits.EventResultRetention;
}

public interface IEventResultTable
{
    void Put(EventResult result);

    EventResult? Get(string id);

    /// <returns>How many were deleted.</returns>
    int DeleteExpired(DateTimeOffset now, int limit);

    /// <summary>Everything of an account that is no more.</summary>
    void DeleteOf(AccountId account);
}

/// <summary>What an idempotency key was used for.</summary>
/// <param name="EventId">The event that it made.</param>
/// <param name="Digest">Of what was asked: the same key with anything else is a mistake.</param>
/// <param name="ExpiresAt">From then on the key is as new.</param>
public sealed record EventKey(string EventId, string Digest, DateTimeOffset ExpiresAt);

public interface IEventKeyTable
{
    EventKey? Find(EventLane lane, string key, DateTimeOffset now);

    void Put(EventLane lane, string key, EventKey used);

    /// <returns>How many were deleted.</returns>
    int DeleteExpired(DateTimeOffset now, int limit);

    /// <summary>Everything of an account that is no more.</summary>
    void DeleteOf(AccountId account);
}
