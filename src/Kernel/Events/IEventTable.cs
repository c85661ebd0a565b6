using Lambent.Kernel.Access;

namespace Lambent.Kernel.Events;

/// <summary>How an event stands in the store. One that runs is ready there; who runs it knows.</summary>
public enum EventState
{
    /// <summary>Not due yet: delayed, or to be tried again later.</summary>
    Waiting = 0,
    Ready = 1,

    /// <summary>Given up, and kept so that people can look at it and redrive it.</summary>
    Dead = 2,
}

/// <summary>An event as it is stored.</summary>
public sealed record StoredEvent(AsyncEvent Event, EventState State);

/// <summary>How many events of a line are in a state, and when the first of them was or is due.</summary>
public sealed record LaneCount(EventLane Lane, EventState State, long Count, DateTimeOffset FirstDueAt);

/// <summary>Ready events of a line, in order.</summary>
/// <param name="Events">The first ones.</param>
/// <param name="IsAll">Whether there is none behind them.</param>
public sealed record ReadyEvents(IReadOnlyList<AsyncEvent> Events, bool IsAll);

public interface IEventTable
{
    void Add(AsyncEvent accepted, EventState state);

    /// <summary>Everything but the payload. False when there is no such event any more.</summary>
    bool Change(AsyncEvent changed, EventState state);

    /// <summary>False when there was none.</summary>
    bool Delete(string id);

    StoredEvent? Get(string id);

    bool Exists(string id);

    /// <summary>Ready events of a line behind a position.</summary>
    /// <param name="lane">The line.</param>
    /// <param name="after">Behind this one.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="payloadBytesMax">No more once their payloads have so many bytes.</param>
    ReadyEvents Ready(EventLane lane, EventPosition after, int limit, long payloadBytesMax);

    /// <summary>
    /// How many events of a line are ready, those that run among them; counted no further than a limit.
    /// </summary>
    int CountReady(EventLane lane, int limit);

    /// <summary>Makes waiting events that are due ready, the longest due first, and tells their lines.</summary>
    /// <returns>How many became ready.</returns>
    int Promote(DateTimeOffset now, int limit, ISet<EventLane> lanes);

    /// <summary>When the next waiting event is due, or null when none waits.</summary>
    DateTimeOffset? NextWaiting();

    /// <summary>Lines with ready events.</summary>
    IReadOnlyList<EventLane> ReadyLanes();

    /// <summary>Events of an account by id.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="laneKey">Only those of this line; null: of all.</param>
    /// <param name="state">Only those in this state; null: in any.</param>
    /// <param name="afterId">Those after this id; empty: from the first.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<StoredEvent> List(AccountId account, string? laneKey, EventState? state, string afterId, int limit);

    /// <summary>Counts by line and state; of one account, or of all.</summary>
    IReadOnlyList<LaneCount> Counts(AccountId? account);

    /// <summary>Deletes dead events that were last due before a time.</summary>
    /// <returns>How many were deleted.</returns>
    int DeleteDead(DateTimeOffset before, int limit);

    long Count();

    /// <summary>Everything of an account that is no more.</summary>
    void DeleteOf(AccountId account);
}
