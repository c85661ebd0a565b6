using Lambent.Kernel.Access;
using Lambent.Kernel.Events;

namespace Lambent.Server.Tests.Memory;

/// <summary>No events: they are tested on the real store. Accounts without any can be deleted.</summary>
internal sealed class NoEvents : IEventTable, IEventResultTable, IEventKeyTable
{
    public void Add(AsyncEvent accepted, EventState state) => throw None();

    public bool Change(AsyncEvent changed, EventState state) => throw None();

    public bool Delete(string id) => throw None();

    public bool Exists(string id) => false;

    public ReadyEvents Ready(EventLane lane, EventPosition after, int limit, long payloadBytesMax) => new([], true);

    public int CountReady(EventLane lane, int limit) => 0;

    public int Promote(DateTimeOffset now, int limit, ISet<EventLane> lanes) => 0;

    public DateTimeOffset? NextWaiting() => null;

    public IReadOnlyList<EventLane> ReadyLanes() => [];

    public IReadOnlyList<StoredEvent> List(
        AccountId account, string? laneKey, EventState? state, string afterId, int limit) => [];

    public IReadOnlyList<LaneCount> Counts(AccountId? account) => [];

    public int DeleteDead(DateTimeOffset before, int limit) => 0;

    public long Count() => 0;

    public void Put(EventResult result) => throw None();

    public void Put(EventLane lane, string key, EventKey used) => throw None();

    public EventKey? Find(EventLane lane, string key, DateTimeOffset now) => null;

    public int DeleteExpired(DateTimeOffset now, int limit) => 0;

    public void DeleteOf(AccountId account)
    {
        // There are none.
    }

    StoredEvent? IEventTable.Get(string id) => null;

    EventResult? IEventResultTable.Get(string id) => null;

    private static NotSupportedException None() => new("Events are tested on the real store.");
}
