using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Schedules;

/// <summary>
/// Groups of schedules. Every account has one called default, which is written down only once it has tags.
/// </summary>
internal sealed class ScheduleGroupService(IStore store, string region, TimeProvider time)
{
    /// <summary>Of a group with very many schedules so many are deleted in one transaction.</summary>
    private const int SchedulesAtOnceMax = 500;

    /// <summary>The failure for a group that does not exist, or is being deleted; null for one that does.</summary>
    public static Error? CheckGroup(ITransaction transaction, ScheduleGroupId id) => Find(transaction, id) switch
    {
        null => ScheduleErrors.GroupNotFound(id.Name),
        { IsDeleting: true } => new Error(
            ErrorCode.ResourceConflict, $"Schedule group {id.Name} is being deleted.", "GroupName"),
        _ => null,
    };

    public Result<ScheduleGroup> Get(ScheduleGroupId id) => store.Read<Result<ScheduleGroup>>(transaction =>
        Find(transaction, id) is { } group ? group : ScheduleErrors.GroupNotFound(id.Name));

    /// <summary>In order of their names, the default group among them.</summary>
    public IReadOnlyList<ScheduleGroup> List(AccountId account, string prefix, string? after, int limit)
    {
        var written = store.Read(transaction => transaction.Schedules.ListGroups(account, prefix, after, limit));
        var id = new ScheduleGroupId(account, ScheduleGroupId.DefaultName);
        var isWanted = id.Name.StartsWith(prefix, StringComparison.Ordinal)
            && string.CompareOrdinal(id.Name, after) > 0 && written.All(group => group.Id != id);
        return isWanted
            ? [.. written.Append(Default(id)).OrderBy(group => group.Id.Name, StringComparer.Ordinal).Take(limit)]
            : written;
    }

    /// <returns>The group's ARN.</returns>
    public Task<Result<string>> CreateAsync(
        ScheduleGroupId id,
        ImmutableSortedDictionary<string, string> tags,
        ScheduleRequest request,
        CancellationToken cancellation) => WriteAsync(
            id,
            request,
            (transaction, now) =>
            {
                if (Find(transaction, id) is not null)
                {
                    return ScheduleErrors.GroupExists(id.Name);
                }

                if (transaction.Schedules.ListGroups(id.Account, "", null, Limits.ScheduleGroupsMax).Count
                    >= Limits.ScheduleGroupsMax)
                {
                    return new Error(
                        ErrorCode.ScheduleQuotaExceeded,
                        $"An account has at most {Limits.ScheduleGroupsMax} schedule groups.");
                }

                return Put(transaction, new ScheduleGroup { Id = id, CreatedAt = now, ModifiedAt = now, Tags = tags });
            },
            cancellation);

    public Task<Result<string>> TagAsync(
        ScheduleGroupId id, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) => ChangeAsync(
            id, group => group with { Tags = group.Tags.SetItems(tags) }, cancellation);

    public Task<Result<string>> UntagAsync(
        ScheduleGroupId id, IReadOnlyList<string> keys, CancellationToken cancellation) => ChangeAsync(
            id, group => group with { Tags = group.Tags.RemoveRange(keys) }, cancellation);

    /// <summary>
    /// Deletes a group with its schedules. From the first step on it takes no new ones; what a crash left of it is
    /// deleted by <see cref="ResumeDeletionsAsync"/>.
    /// </summary>
    public async Task<Result<string>> DeleteAsync(
        ScheduleGroupId id, ScheduleRequest request, CancellationToken cancellation)
    {
        if (id.IsDefault)
        {
            return ScheduleErrors.Invalid("The default schedule group cannot be deleted.", "Name");
        }

        var marked = await WriteAsync(
            id,
            request,
            (transaction, now) => Find(transaction, id) is { } group
                ? Put(transaction, group with { IsDeleting = true, ModifiedAt = now })
                : ScheduleErrors.GroupNotFound(id.Name),
            cancellation);
        if (marked.IsSuccess)
        {
            await EmptyAsync(id);
        }

        return marked;
    }

    /// <summary>Goes on with what a server that ended left half deleted.</summary>
    public async Task ResumeDeletionsAsync()
    {
        var left = store.Read(transaction => transaction.Accounts.List()
            .SelectMany(account =>
                transaction.Schedules.ListGroups(account.Id, "", null, Limits.ScheduleGroupsMax))
            .Where(group => group.IsDeleting)
            .ToList());
        foreach (var group in left)
        {
            await EmptyAsync(group.Id);
        }
    }

    private async Task EmptyAsync(ScheduleGroupId id)
    {
        var isEmpty = false;
        while (!isEmpty)
        {
            var step = await store.WriteAsync<bool>(transaction =>
            {
                // Another one may have deleted it, and made it again.
                if (transaction.Schedules.GetGroup(id) is not { IsDeleting: true })
                {
                    return true;
                }

                var some = transaction.Schedules.List(
                    id.Account, new ScheduleFilter(id.Name), SchedulesAtOnceMax);
                foreach (var schedule in some)
                {
                    transaction.Schedules.Delete(schedule.Id);
                }

                if (some.Count < SchedulesAtOnceMax)
                {
                    transaction.Schedules.DeleteGroup(id);
                }

                return some.Count < SchedulesAtOnceMax;
            });
            isEmpty = step.Value;
        }
    }

    private Task<Result<string>> ChangeAsync(
        ScheduleGroupId id, Func<ScheduleGroup, ScheduleGroup> change, CancellationToken cancellation) => WriteAsync(
            id,
            ScheduleRequest.WithoutToken,
            (transaction, now) =>
            {
                if (CheckGroup(transaction, id) is { } missing)
                {
                    return missing;
                }

                var changed = change(Find(transaction, id)!) with { ModifiedAt = now };
                return changed.Tags.Count > Limits.ScheduleGroupTagsMax
                    ? new Error(
                        ErrorCode.ScheduleQuotaExceeded,
                        $"A schedule group has at most {Limits.ScheduleGroupTagsMax} tags.",
                        "Tags")
                    : Put(transaction, changed);
            },
            cancellation);

    private Result<string> Put(ITransaction transaction, ScheduleGroup group)
    {
        transaction.Schedules.PutGroup(group);
        return group.Id.Arn(region);
    }

    private Task<Result<string>> WriteAsync(
        ScheduleGroupId id,
        ScheduleRequest request,
        Func<ITransaction, DateTimeOffset, Result<string>> change,
        CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                var now = time.GetUtcNow();
                return ScheduleTokens.Once(
                    transaction, id.Account, request, now, () => change(transaction, now));
            },
            cancellation);

    private static ScheduleGroup? Find(ITransaction transaction, ScheduleGroupId id) =>
        transaction.Schedules.GetGroup(id) ?? (id.IsDefault ? Default(id) : null);

    private static ScheduleGroup Default(ScheduleGroupId id) => new()
    {
        Id = id, CreatedAt = DateTimeOffset.UnixEpoch, ModifiedAt = DateTimeOffset.UnixEpoch,
    };
}
