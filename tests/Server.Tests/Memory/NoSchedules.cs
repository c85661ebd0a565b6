using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Tests.Memory;

/// <summary>A table without schedules: those are tested on the real store.</summary>
internal sealed class NoSchedules : IScheduleTable
{
    public Schedule? Get(ScheduleId id) => null;

    public IReadOnlyList<Schedule> List(AccountId account, ScheduleFilter filter, int limit) => [];

    public long Count(AccountId account) => 0;

    public void Put(Schedule schedule) => throw Unsupported();

    public void Delete(ScheduleId id) => throw Unsupported();

    public IReadOnlyList<Schedule> Due(DateTimeOffset now, int limit) => [];

    public DateTimeOffset? NextDue() => null;

    public IReadOnlyList<Schedule> Upcoming(AccountId account, int limit) => [];

    public ScheduleGroup? GetGroup(ScheduleGroupId id) => null;

    public IReadOnlyList<ScheduleGroup> ListGroups(AccountId account, string prefix, string? after, int limit) => [];

    public void PutGroup(ScheduleGroup group) => throw Unsupported();

    public void DeleteGroup(ScheduleGroupId id) => throw Unsupported();

    public void AddMissed(ScheduleId id, MissedOccurrences missed, DateTimeOffset now) => throw Unsupported();

    public IReadOnlyList<MissedOccurrences> Missed(ScheduleId id, int limit) => [];

    public IReadOnlyList<(ScheduleId Id, MissedOccurrences Missed)> Missed(AccountId account, int limit) => [];

    public UsedToken? FindToken(AccountId account, string token, DateTimeOffset now) => null;

    public void PutToken(AccountId account, string token, UsedToken used, DateTimeOffset until) =>
        throw Unsupported();

    public void ForgetTokens(DateTimeOffset now)
    {
    }

    private static NotSupportedException Unsupported() => new("Schedules are tested on the real store.");
}
