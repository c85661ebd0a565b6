using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;

namespace Lambent.Server.Workflows;

/// <summary>A machine, and the revision that was asked for.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Revision">What it does.</param>
/// <param name="Version">The version that was asked for, or null.</param>
internal sealed record DescribedMachine(
    StateMachine Machine, StateMachineRevision Revision, StateMachineVersion? Version);

/// <summary>State machines, their versions and aliases, whoever asks.</summary>
internal sealed class StateMachineService(
    IStore store, ExecutionSweeper sweeper, Func<string> newId, string region, TimeProvider time)
{
    public string Region => region;

    public Task<Result<MachineChange>> CreateAsync(
        StateMachineId id, CreateStateMachine command, CancellationToken cancellation)
    {
        if (Refused(command.Definition, command.Type) is { } invalid)
        {
            return Task.FromResult<Result<MachineChange>>(invalid);
        }

        return ChangeAsync(
            id,
            (state, current, context) => CreateStateMachine.Apply(state, current, command, context),
            cancellation);
    }

    public Task<Result<MachineChange>> UpdateAsync(
        StateMachineId id, UpdateStateMachine command, CancellationToken cancellation)
    {
        var found = store.Read(transaction => transaction.StateMachines.Get(id));
        if (found is not null && command.Definition is { } definition && Refused(definition, found.Type) is { } invalid)
        {
            return Task.FromResult<Result<MachineChange>>(invalid);
        }

        return ChangeAsync(
            id,
            (state, current, context) => UpdateStateMachine.Apply(state, current, command, context),
            cancellation);
    }

    public Task<Result<MachineChange>> PublishAsync(
        StateMachineId id, PublishVersion command, CancellationToken cancellation) =>
        ChangeAsync(id, (state, _, context) => PublishVersion.Apply(state, command, context), cancellation);

    public Task<Result<Done>> DeleteVersionAsync(StateMachineId id, int number, CancellationToken cancellation) =>
        store.WriteAsync<Done>(
            transaction =>
            {
                if (DeleteVersion.Apply(transaction.StateMachines.Get(id), new DeleteVersion(number))
                    .Failed(out var changed, out var refused))
                {
                    return refused;
                }

                if (changed is not null)
                {
                    transaction.StateMachines.Put(changed);
                }

                return Done.Value;
            },
            cancellation);

    public Task<Result<StateMachineAlias>> CreateAliasAsync(
        StateMachineId id, CreateAlias command, CancellationToken cancellation) =>
        store.WriteAsync<StateMachineAlias>(
            transaction =>
            {
                var state = transaction.StateMachines.Get(id);
                if (CreateAlias.Apply(state, command, ContextOf(id)).Failed(out var change, out var refused))
                {
                    return refused;
                }

                transaction.StateMachines.Put(change.Machine);
                return change.Alias;
            },
            cancellation);

    /// <summary>Changes a machine by a command that is about nothing else.</summary>
    public Task<Result<StateMachine>> ApplyAsync(
        StateMachineId id,
        Func<StateMachine?, MachineContext, Result<StateMachine>> apply,
        CancellationToken cancellation) =>
        store.WriteAsync<StateMachine>(
            transaction =>
            {
                var applied = apply(transaction.StateMachines.Get(id), ContextOf(id));
                if (applied.IsSuccess)
                {
                    transaction.StateMachines.Put(applied.Value);
                }

                return applied;
            },
            cancellation);

    /// <summary>
    /// A machine without executions is gone at once. Another one takes no more, and goes when the last has ended.
    /// </summary>
    public async Task<Result<Done>> DeleteAsync(StateMachineId id, CancellationToken cancellation)
    {
        var isLeft = false;
        var written = await store.WriteAsync<Done>(
            transaction =>
            {
                isLeft = false;
                if (transaction.StateMachines.Get(id) is not { } machine)
                {
                    return Done.Value;
                }

                var filter = new ExecutionFilter(id.Name, null);
                isLeft = transaction.Executions.List(id.Account, filter, 1).Count > 0;
                if (isLeft)
                {
                    transaction.StateMachines.Put(DeleteStateMachine.Apply(machine));
                }
                else
                {
                    transaction.StateMachines.Delete(id);
                    transaction.StateMachines.DeleteRevisions(id);
                }

                return Done.Value;
            },
            cancellation);
        if (isLeft)
        {
            sweeper.Wake(id);
        }

        return written;
    }

    public StateMachine? Find(StateMachineId id) => store.Read(transaction => transaction.StateMachines.Get(id));

    /// <summary>A machine as it is now, or as one of its versions says.</summary>
    public Result<DescribedMachine> Describe(StateMachineId id, string? qualifier) =>
        store.Read<Result<DescribedMachine>>(transaction =>
        {
            var arn = id.Arn(region) + (qualifier is null ? "" : $":{qualifier}");
            if (transaction.StateMachines.Get(id) is not { } machine)
            {
                return MachineErrors.NotFound(arn);
            }

            var version = qualifier is null
                ? null
                : machine.Versions.Find(candidate => $"{candidate.Number}" == qualifier);
            if (qualifier is not null && version is null)
            {
                return MachineErrors.NotFound(arn);
            }

            var revision = transaction.StateMachines.GetRevision(id, version?.Revision ?? machine.Revision);
            return revision is null ? MachineErrors.NotFound(arn) : new DescribedMachine(machine, revision, version);
        });

    public IReadOnlyList<StateMachine> List(AccountId account, string after, int limit) =>
        store.Read(transaction => transaction.StateMachines.List(account, after, limit));

    /// <summary>What is wrong with a definition, or null.</summary>
    private static Error? Refused(string definition, StateMachineType type)
    {
        var reading = DefinitionReader.Read(definition, new DefinitionOptions(type == StateMachineType.Express));
        return reading.Definition is not null
            ? null
            : new Error(
                ErrorCode.DefinitionInvalid,
                "Invalid State Machine Definition: '"
                + string.Join(", ", reading.Diagnostics.Where(diagnostic => diagnostic.IsError)) + "'",
                "definition");
    }

    private Task<Result<MachineChange>> ChangeAsync(
        StateMachineId id,
        Func<StateMachine?, StateMachineRevision?, MachineContext, Result<MachineChange>> apply,
        CancellationToken cancellation) =>
        store.WriteAsync<MachineChange>(
            transaction =>
            {
                var state = transaction.StateMachines.Get(id);
                var current = state is null ? null : transaction.StateMachines.GetRevision(id, state.Revision);
                var applied = apply(state, current, ContextOf(id));
                if (applied.IsSuccess)
                {
                    transaction.StateMachines.Put(applied.Value.Machine);
                    if (applied.Value.Added is { } added)
                    {
                        transaction.StateMachines.AddRevision(added);
                    }
                }

                return applied;
            },
            cancellation);

    private MachineContext ContextOf(StateMachineId id) => new(id, id.Arn(region), time.GetUtcNow(), newId);
}
