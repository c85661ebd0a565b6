using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Schedules;

/// <summary>Schedules: made, changed, put on and off, fired by hand, deleted.</summary>
internal sealed class ScheduleService(
    IStore store,
    ScheduleBook book,
    ScheduleRules rules,
    ScheduleHandover handover,
    ScheduleRunner runner,
    Func<string> newId,
    string region,
    TimeProvider time)
{
    public string Region => region;

    public Schedule? Find(ScheduleId id) => store.Read(transaction => transaction.Schedules.Get(id));

    /// <summary>The schedule, or why there is none: of its name, or of its group's.</summary>
    public Result<Schedule> Get(ScheduleId id) => store.Read<Result<Schedule>>(transaction =>
        ScheduleGroupService.CheckGroup(transaction, id.GroupId) is { } noGroup ? noGroup
        : transaction.Schedules.Get(id) is { } schedule ? schedule
        : ScheduleErrors.NotFound(id.Name));

    /// <summary>The account's schedules in order of group and name; fails for a group that does not exist.</summary>
    public Result<List<Schedule>> List(AccountId account, ScheduleFilter filter, int limit) =>
        store.Read<Result<List<Schedule>>>(transaction =>
        {
            var group = new ScheduleGroupId(account, filter.Group ?? ScheduleGroupId.DefaultName);
            return ScheduleGroupService.CheckGroup(transaction, group) is { } noGroup
                ? noGroup
                : transaction.Schedules.List(account, filter, limit).ToList();
        });

    /// <summary>Makes a schedule that does not exist yet.</summary>
    /// <returns>Its ARN.</returns>
    public Task<Result<string>> CreateAsync(
        ScheduleId id,
        ScheduleSettings settings,
        ScheduleOptions options,
        ScheduleRequest request,
        CancellationToken cancellation) => WriteAsync(
            id,
            request,
            transaction => transaction.Schedules.Get(id) is null
                ? Create(transaction, id, settings, options)
                : ScheduleErrors.Exists(id.Name),
            cancellation);

    /// <summary>Writes the settings of a schedule anew, all of them.</summary>
    /// <returns>Its ARN.</returns>
    public Task<Result<string>> UpdateAsync(
        ScheduleId id,
        ScheduleSettings settings,
        ScheduleRequest request,
        CancellationToken cancellation) => WriteAsync(
            id,
            request,
            transaction => transaction.Schedules.Get(id) is { } schedule
                ? Update(transaction, schedule, settings, schedule.Options)
                : ScheduleErrors.NotFound(id.Name),
            cancellation);

    /// <summary>Makes a schedule, or writes it anew.</summary>
    /// <returns>Its ARN.</returns>
    public Task<Result<string>> PutAsync(
        ScheduleId id,
        ScheduleSettings settings,
        ScheduleOptions options,
        CancellationToken cancellation) => WriteAsync(
            id,
            ScheduleRequest.WithoutToken,
            transaction => transaction.Schedules.Get(id) is { } schedule
                ? Update(transaction, schedule, settings, options)
                : Create(transaction, id, settings, options),
            cancellation);

    /// <summary>Puts a schedule on or off. Times that pass while it is off are not missed.</summary>
    /// <returns>Its ARN.</returns>
    public Task<Result<string>> EnableAsync(
        ScheduleId id, bool isEnabled, CancellationToken cancellation) => WriteAsync(
        id,
        ScheduleRequest.WithoutToken,
        transaction => transaction.Schedules.Get(id) is { } schedule
            ? Update(
                transaction, schedule, schedule.Settings with { IsEnabled = isEnabled }, schedule.Options)
            : ScheduleErrors.NotFound(id.Name),
        cancellation);

    public Task<Result<string>> DeleteAsync(
        ScheduleId id, ScheduleRequest request, CancellationToken cancellation) => WriteAsync(
            id,
            request,
            transaction =>
            {
                if (transaction.Schedules.Get(id) is null)
                {
                    return ScheduleErrors.NotFound(id.Name);
                }

                transaction.Schedules.Delete(id);
                return id.Arn(region);
            },
            cancellation);

    /// <summary>Fires a schedule now, besides its times and not counted to them.</summary>
    /// <returns>The id under which it was handed over.</returns>
    public async Task<Result<string>> RunAsync(ScheduleId id, CancellationToken cancellation)
    {
        Action? announce = null;
        var written = await WriteAsync(
            id,
            ScheduleRequest.WithoutToken,
            transaction =>
            {
                if (transaction.Schedules.Get(id) is not { } schedule)
                {
                    return ScheduleErrors.NotFound(id.Name);
                }

                var now = time.GetUtcNow();
                var occurrence = new Occurrence(newId(), now, 1, now);
                if (handover.Put(transaction, schedule, occurrence, now).Failed(out announce, out var refused))
                {
                    return refused;
                }

                return occurrence.Id;
            },
            cancellation);
        if (written.IsSuccess)
        {
            announce?.Invoke();
        }

        return written;
    }

    /// <summary>The next times of a schedule.</summary>
    public IReadOnlyList<DateTimeOffset> Upcoming(Schedule schedule, int limit) =>
        book.Times(schedule.Settings).Failed(out var times, out _) ? [] : [.. times.From(schedule, limit)];

    /// <summary>The next times of all of the account's schedules together.</summary>
    public IReadOnlyList<(Schedule Schedule, DateTimeOffset At)> Upcoming(AccountId account, int limit) =>
    [
        .. store.Read(transaction => transaction.Schedules.Upcoming(account, limit))
            .SelectMany(schedule => Upcoming(schedule, limit).Select(at => (schedule, at)))
            .OrderBy(fire => fire.at)
            .Take(limit),
    ];

    public IReadOnlyList<MissedOccurrences> Missed(ScheduleId id, int limit) =>
        store.Read(transaction => transaction.Schedules.Missed(id, limit));

    public IReadOnlyList<(ScheduleId Id, MissedOccurrences Missed)> Missed(AccountId account, int limit) =>
        store.Read(transaction => transaction.Schedules.Missed(account, limit));

    private Result<string> Create(
        ITransaction transaction, ScheduleId id, ScheduleSettings settings, ScheduleOptions options)
    {
        var now = time.GetUtcNow();
        if (rules.Check(id.Account, settings, null, now).Failed(out var times, out var invalid))
        {
            return invalid;
        }

        if (transaction.Schedules.Count(id.Account) >= Limits.SchedulesMax)
        {
            return new Error(
                ErrorCode.ScheduleQuotaExceeded, $"An account has at most {Limits.SchedulesMax} schedules.");
        }

        transaction.Schedules.Put(ScheduleChange.Create(id, newId(), settings, options, times, now));
        return id.Arn(region);
    }

    private Result<string> Update(
        ITransaction transaction, Schedule schedule, ScheduleSettings settings, ScheduleOptions options)
    {
        var now = time.GetUtcNow();
        if (rules.Check(schedule.Id.Account, settings, schedule.Settings, now).Failed(out var times, out var invalid))
        {
            return invalid;
        }

        transaction.Schedules.Put(ScheduleChange.Update(schedule, settings, options, times, now));
        return schedule.Id.Arn(region);
    }

    private async Task<Result<string>> WriteAsync(
        ScheduleId id,
        ScheduleRequest request,
        Func<ITransaction, Result<string>> change,
        CancellationToken cancellation)
    {
        var written = await store.WriteAsync<string>(
            transaction => ScheduleTokens.Once(
                transaction,
                id.Account,
                request,
                time.GetUtcNow(),
                () => ScheduleGroupService.CheckGroup(transaction, id.GroupId) is { } noGroup
                    ? noGroup
                    : change(transaction)),
            cancellation);
        runner.Wake();
        return written;
    }
}
