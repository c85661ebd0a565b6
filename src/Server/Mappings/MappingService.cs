using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Mappings;

/// <summary>Mappings themselves: made, changed, listed, deleted. What they do is the runner's.</summary>
internal sealed class MappingService(IStore store, string region, TimeProvider time)
{
    /// <summary>Raised after a change was committed, with the mapping's account and id.</summary>
    public event Action<AccountId, string>? Changed;

    public EventSourceMapping? Find(AccountId account, string id) =>
        store.Read(transaction => transaction.Mappings.Get(account, id));

    public IReadOnlyList<EventSourceMapping> List(AccountId account, MappingQuery query, string? after, int limit) =>
        store.Read(transaction => transaction.Mappings.List(account, query, after, limit));

    public IReadOnlyList<EventSourceMapping> All() => store.Read(transaction => transaction.Mappings.All());

    public Task<Result<EventSourceMapping>> CreateAsync(CreateMapping command, CancellationToken cancellation) =>
        WriteAsync(
            transaction => CreateMapping.Apply(command, Around(
                transaction, command.Id, command.Queue, (command.Function, command.Qualifier), command.Change)),
            cancellation);

    public Task<Result<EventSourceMapping>> UpdateAsync(
        AccountId account, string id, MappingChange change, CancellationToken cancellation) => WriteAsync(
            transaction =>
            {
                if (transaction.Mappings.Get(account, id) is not { } mapping)
                {
                    return MappingRules.NotFound;
                }

                var target = change.Function is { } function
                    ? (function, change.Qualifier)
                    : (mapping.Function, mapping.Qualifier);
                return UpdateMapping.Apply(mapping, change, Around(transaction, id, mapping.Queue, target, change));
            },
            cancellation);

    public Task<Result<EventSourceMapping>> DeleteAsync(
        AccountId account, string id, CancellationToken cancellation) => WriteAsync(
            transaction => DeleteMapping.Apply(transaction.Mappings.Get(account, id), time.GetUtcNow()), cancellation);

    /// <summary>Changes nothing but what is not part of how the mapping works.</summary>
    public Task<Result<EventSourceMapping>> TagAsync(
        AccountId account,
        string id,
        Func<EventSourceMapping, Result<EventSourceMapping>> change,
        CancellationToken cancellation) => WriteAsync(
            transaction => transaction.Mappings.Get(account, id) is { } mapping
                ? change(mapping)
                : MappingRules.NotFound,
            cancellation);

    /// <summary>What was asked for is so now, unless something else was asked for meanwhile.</summary>
    public Task<Result<Done>> SettleAsync(EventSourceMapping settled) => store.WriteAsync<Done>(transaction =>
    {
        var mapping = transaction.Mappings.Get(settled.Account, settled.Id);
        if (mapping is null || mapping.State != settled.State || mapping.IsEnabled != settled.IsEnabled)
        {
            return Done.Value;
        }

        if (mapping.SettledState is { } state)
        {
            transaction.Mappings.Put(mapping with { State = state });
        }
        else
        {
            transaction.Mappings.Delete(mapping.Account, mapping.Id);
        }

        return Done.Value;
    });

    private async Task<Result<EventSourceMapping>> WriteAsync(
        Func<ITransaction, Result<EventSourceMapping>> decide, CancellationToken cancellation)
    {
        var written = await store.WriteAsync(
            transaction =>
            {
                var decided = decide(transaction);
                if (decided.IsSuccess)
                {
                    transaction.Mappings.Put(decided.Value);
                }

                return decided;
            },
            cancellation);
        if (written.IsSuccess)
        {
            Changed?.Invoke(written.Value.Account, written.Value.Id);
        }

        return written;
    }

    private MappingSurroundings Around(
        ITransaction transaction,
        string id,
        Kernel.Queues.QueueId queue,
        (FunctionId Id, string? Qualifier) target,
        MappingChange change) => new()
    {
        FunctionTimeoutSeconds = VersionOf(transaction.Functions.Get(target.Id), target.Qualifier)?.TimeoutSeconds,
        Queue = transaction.Queues.Get(queue),
        OtherId = transaction.Mappings
            .List(queue.Account, new MappingQuery(target.Id.Name, queue.Name), null, int.MaxValue)
            .FirstOrDefault(other => other.Id != id && other.Qualifier == target.Qualifier)?.Id,
        DestinationRefusal = string.IsNullOrEmpty(change.OnFailureArn)
            ? null
            : CheckDestination(transaction, change.OnFailureArn, queue),
        Now = time.GetUtcNow(),
        Region = region,
    };

    private static FunctionVersion? VersionOf(Function? function, string? qualifier)
    {
        if (function is null || qualifier is null or FunctionVersion.LatestName)
        {
            return function?.Latest;
        }

        var name = function.Aliases.TryGetValue(qualifier, out var alias) ? alias.FunctionVersion : qualifier;
        return name == FunctionVersion.LatestName
            ? function.Latest
            : function.Versions.Values.FirstOrDefault(version => version.Version == name);
    }

    private Error? CheckDestination(ITransaction transaction, string arn, Kernel.Queues.QueueId source)
    {
        const string Field = "DestinationConfig";
        if (DeliveryTarget.Parse(arn, region, Field).Failed(out var target, out var unreadable))
        {
            return unreadable;
        }

        var exists = target.Kind == DeliveryTargetKind.Queue
            ? transaction.Queues.Get(target.Queue) is not null
            : VersionOf(transaction.Functions.Get(target.Function), target.Qualifier) is not null;
        if (target.Account != source.Account || !exists)
        {
            return MappingRules.Invalid($"The destination {arn} does not exist.", Field);
        }

        return target.Kind == DeliveryTargetKind.Queue && target.Queue == source
            ? MappingRules.Invalid("The destination is the queue that the messages come from.", Field)
            : null;
    }
}
