using Lambent.Kernel.Access;

namespace Lambent.Kernel.Schedules;

/// <summary>Schedules, their groups, and the occurrences that did not fire.</summary>
public interface IScheduleTable
{
    Schedule? Get(ScheduleId id);

    /// <summary>The account's schedules in order of group and name.</summary>
    IReadOnlyList<Schedule> List(AccountId account, ScheduleFilter filter, int limit);

    long Count(AccountId account);

    void Put(Schedule schedule);

    /// <summary>Deletes a schedule with what was listed of it.</summary>
    void Delete(ScheduleId id);

    /// <summary>Schedules due at or before <paramref name="now"/>, those due longest first.</summary>
    IReadOnlyList<Schedule> Due(DateTimeOffset now, int limit);

    /// <summary>When the next schedule of any account is due, or null.</summary>
    DateTimeOffset? NextDue();

    /// <summary>The account's schedules that are due next, in order of time.</summary>
    IReadOnlyList<Schedule> Upcoming(AccountId account, int limit);

    ScheduleGroup? GetGroup(ScheduleGroupId id);

    /// <summary>The account's groups in order of their names, without the default one that was never changed.</summary>
    IReadOnlyList<ScheduleGroup> ListGroups(AccountId account, string prefix, string? after, int limit);

    void PutGroup(ScheduleGroup group);

    /// <summary>Deletes the group; its schedules are deleted before.</summary>
    void DeleteGroup(ScheduleGroupId id);

    /// <summary>Lists occurrences that did not fire; of very many the oldest are forgotten.</summary>
    void AddMissed(ScheduleId id, MissedOccurrences missed, DateTimeOffset now);

    /// <summary>What did not fire, the newest first.</summary>
    IReadOnlyList<MissedOccurrences> Missed(ScheduleId id, int limit);

    /// <summary>The same of all of the account's schedules.</summary>
    IReadOnlyList<(ScheduleId Id, MissedOccurrences Missed)> Missed(AccountId account, int limit);

    /// <summary>What a client's token was used for, or null.</summary>
    UsedToken? FindToken(AccountId account, string token, DateTimeOffset now);

    void PutToken(AccountId account, string token, UsedToken used, DateTimeOffset until);

    /// <summary>Forgets tokens that no longer count.</summary>
    void ForgetTokens(DateTimeOffset now);
}

/// <summary>Which schedules are wanted.</summary>
/// <param name="Group">Of one group; null for all.</param>
/// <param name="Prefix">Whose names start so; empty for all.</param>
/// <param name="IsEnabled">In this state; null for both.</param>
/// <param name="After">After this group and name.</param>
public sealed record ScheduleFilter(
    string? Group = null, string Prefix = "", bool? IsEnabled = null, (string Group, string Name)? After = null);

/// <summary>A request that was done: its digest tells the same request from another one with its token.</summary>
public sealed record UsedToken(string Digest, string Answer);
