namespace Lambent.Kernel.Events;

/// <summary>An accepted event, kept until it reached a terminal state.</summary>
public sealed record AsyncEvent
{
    /// <summary>The source of an event that somebody sent.</summary>
    public const string FromCaller = "invoke";

    /// <summary>The id the caller got; a UUIDv7. All attempts carry it.</summary>
    public required string Id { get; init; }

    public required DeliveryTarget Target { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Base64 JSON as received, or null.</summary>
    public string? ClientContext { get; init; }

    public string? TraceHeader { get; init; }

    /// <summary>What it comes from, for people.</summary>
    public string Source { get; init; } = FromCaller;

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Put off until then by its sender; its age counts from here.</summary>
    public required DateTimeOffset FirstDueAt { get; init; }

    /// <summary>Attempts made so far that counted.</summary>
    public int Attempts { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Why the last attempt failed, or null.</summary>
    public string? LastError { get; init; }

    /// <summary>Set when its owner wants no further attempt.</summary>
    public bool IsCancelled { get; init; }

    public EventPolicy Policy { get; init; } = EventPolicy.None;

    public EventLane Lane => EventLane.Of(Target);

    public EventPosition Position => new(EventRank.Of(DueAt, Policy.Priority), Id);
}

/// <summary>
/// The line an event stands in: that of its target. Lines share the places of the node fairly, first between accounts,
/// then between the lines of one account, so a flood fills its own line only.
/// </summary>
/// <param name="Account">Whose target it is.</param>
/// <param name="Key">Unique in the account: the kind of target and its name.</param>
public readonly record struct EventLane(Access.AccountId Account, string Key)
{
    private const string OfFunctions = "function/";
    private const string OfQueues = "queue/";
    private const string OfCallbacks = "callback/";
    private const string OfEmails = "email/";

    public static EventLane Of(DeliveryTarget target) => new(
        target.Account,
        target.Kind switch
        {
            DeliveryTargetKind.Function => OfFunctions + target.Name,
            DeliveryTargetKind.Queue => OfQueues + target.Name,
            DeliveryTargetKind.Email => OfEmails + target.Name,
            _ => OfCallbacks + target.Name,
        });

    /// <summary>The target whose line it is.</summary>
    /// <param name="qualifier">Of a function; the line is that of all its versions.</param>
    public DeliveryTarget Target(string? qualifier)
    {
        var kind = Key.StartsWith(OfFunctions, StringComparison.Ordinal) ? DeliveryTargetKind.Function
            : Key.StartsWith(OfQueues, StringComparison.Ordinal) ? DeliveryTargetKind.Queue
            : Key.StartsWith(OfEmails, StringComparison.Ordinal) ? DeliveryTargetKind.Email
            : DeliveryTargetKind.Callback;
        return new DeliveryTarget(Account, kind, Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..], qualifier);
    }
}

/// <summary>Where an event stands in its line: by rank, then by id, which grows with time.</summary>
public readonly record struct EventPosition(DateTimeOffset Rank, string Id) : IComparable<EventPosition>
{
    /// <summary>Before every event.</summary>
    public static readonly EventPosition Start = new(DateTimeOffset.MinValue, "");

    public int CompareTo(EventPosition other)
    {
        var byRank = Rank.CompareTo(other.Rank);
        return byRank != 0 ? byRank : string.CompareOrdinal(Id, other.Id);
    }

    public static bool operator <(EventPosition left, EventPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(EventPosition left, EventPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(EventPosition left, EventPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EventPosition left, EventPosition right) => left.CompareTo(right) >= 0;
}
