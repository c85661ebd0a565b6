using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Delivery;

namespace Lambent.Server.Workflows;

/// <summary>An execution to begin.</summary>
internal sealed record StartRequest
{
    public required StateMachineId Machine { get; init; }

    /// <summary>A version or an alias; null is the newest revision.</summary>
    public string? Qualifier { get; init; }

    /// <summary>Null: one is made up.</summary>
    public string? Name { get; init; }

    /// <summary>Unique among all executions, and in order of time; null: one is made up.</summary>
    public string? Key { get; init; }

    public required DataValue Input { get; init; }

    public string? TraceHeader { get; init; }

    public ExecutionParent? Parent { get; init; }

    /// <summary>Of one that goes on in the place of another.</summary>
    public ExecutionLineage? Lineage { get; init; }

    /// <summary>Of an express machine: it is waited for, and nothing of it is written down.</summary>
    public bool IsSynchronous { get; init; }
}

/// <summary>An execution that was decided and is still to be written.</summary>
/// <param name="Execution">In memory, with its first steps decided.</param>
/// <param name="Events">These steps.</param>
internal sealed record PreparedExecution(LoadedExecution Execution, IReadOnlyList<JournalEvent> Events)
{
    public ExecutionRecord Record => Execution.Record;

    /// <summary>Told when it is written, or goes on in memory alone; it may be told twice.</summary>
    public Action<ExecutionRecord>? Started { get; init; }

    /// <summary>The same, with the events that another one received and did not wait for.</summary>
    public PreparedExecution TakeOver(Interpreter former)
    {
        var interpreter = Execution.Interpreter;
        interpreter.TakeOver(former, Record.StartedAt);
        var received = interpreter.TakeEvents();
        if (received.Count > 0)
        {
            (Execution.Activity, Execution.WakeAt) = (ExecutionActivity.Active, null);
        }

        return this with { Events = [.. Events, .. received] };
    }

    /// <summary>Writes it, unless there is one of its name.</summary>
    /// <param name="transaction">Where to.</param>
    /// <param name="lease">
    /// Of this node, which goes on with it in memory; null: it is parked, and whoever may run executions takes it up.
    /// </param>
    /// <param name="region">Of this server.</param>
    /// <returns>The execution that now has the name: this one, or one that began with the same input.</returns>
    public Result<ExecutionRecord> Write(ITransaction transaction, DeliveryLease? lease, string region)
    {
        if (lease?.IsHeld(transaction) == false)
        {
            return DeliveryLease.Lost;
        }

        if (transaction.Executions.Get(Record.Id) is { } existing)
        {
            // Asked for a second time because the first answer was lost: it is the same start.
            return existing.Status == ExecutionStatus.Running && existing.InputDigest == Record.InputDigest
                ? existing
                : WorkflowErrors.ExecutionExists(Record.Id.Arn(region));
        }

        if (transaction.StateMachines.Get(new StateMachineId(Record.Id.Account, Record.Id.Machine)) is not
            { IsDeleting: false })
        {
            return WorkflowErrors.MachineNotFound(
                new StateMachineId(Record.Id.Account, Record.Id.Machine).Arn(region));
        }

        transaction.Executions.Add(Record, Execution.Activity!.Value, Execution.WakeAt);
        transaction.Journal.Append(Record.Id.Account, Record.Key, Events);
        ExecutionFiles.Follow(
            transaction, Record, Execution.Interpreter.Execution, Events, Record.StartedAt);
        Started?.Invoke(Record);
        return Record;
    }
}

/// <summary>Begins executions.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="machines">Definitions.</param>
/// <param name="newId">Makes keys, in order of time.</param>
/// <param name="chance">Makes seeds and draws among the versions of an alias.</param>
/// <param name="isCrowded">Whether the memory is full of executions, so that new ones wait in the store.</param>
/// <param name="region">Of this server.</param>
/// <param name="time">The clock.</param>
/// <param name="newSeed">Makes what an execution's chance and tokens come from; null: what nobody can guess.</param>
internal sealed class ExecutionStarter(
    IStore store,
    MachineDirectory machines,
    Func<string> newId,
    Random chance,
    Func<bool> isCrowded,
    string region,
    TimeProvider time,
    Func<ulong>? newSeed = null)
{
    /// <summary>Told what begins, or null.</summary>
    public ExecutionSpans? Spans { get; init; }

    /// <summary>Told of each execution that begins, and may have ended in its first steps; null: nobody.</summary>
    public Action<ExecutionRecord>? Started { get; set; }

    /// <summary>Decides an execution's first steps. Nothing of it exists until it is written.</summary>
    public Result<PreparedExecution> Prepare(StartRequest request)
    {
        var found = store.Read(transaction => Find(transaction, request));
        if (found.Failed(out var chosen, out var missing))
        {
            return missing;
        }

        return machines.Find(chosen.Machine.Id, chosen.Revision) is { } known
            ? Decide(request, chosen, known, !request.IsSynchronous && isCrowded())
            : WorkflowErrors.MachineNotFound(ArnOf(request));
    }

    /// <summary>
    /// The same within a transaction, which sees what it wrote itself. The execution waits in the store until somebody
    /// takes it up: nothing of it is computed here.
    /// </summary>
    public Result<PreparedExecution> PrepareParked(ITransaction transaction, StartRequest request)
    {
        if (Find(transaction, request).Failed(out var chosen, out var missing))
        {
            return missing;
        }

        return machines.Find(transaction, chosen.Machine.Id, chosen.Revision) is { } known
            ? Decide(request, chosen, known, waits: true)
            : WorkflowErrors.MachineNotFound(ArnOf(request));
    }

    private PreparedExecution Decide(
        StartRequest request,
        (StateMachine Machine, string Revision, int? Version) chosen,
        KnownRevision known,
        bool waits)
    {
        var (machine, revision, version) = chosen;
        var now = time.GetUtcNow();
        var key = request.Key ?? newId();
        var name = request.Name ?? newId();
        var record = new ExecutionRecord
        {
            Id = new ExecutionId(
                machine.Id.Account,
                machine.Id.Name,
                machine.Type == StateMachineType.Express ? $"{name}:{key}" : name),
            Key = key,
            Revision = revision,
            Type = machine.Type,
            Qualifier = request.Qualifier,
            Version = version,
            RoleArn = known.RoleArn,
            Seed = newSeed?.Invoke() ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            InputDigest = Convert.ToHexStringLower(SHA256.HashData(DataWriter.ToUtf8(request.Input))),
            TraceHeader = request.TraceHeader,
            StartedAt = now,
            Parent = request.Parent,
            Lineage = request.Lineage,
        };
        Spans?.Begun(record);
        var interpreter = new Interpreter(
            new Execution(ExecutionFiles.IdentityOf(record, region), known.Definition));
        interpreter.Start(request.Input, now);
        if (!waits)
        {
            interpreter.Advance(now);
        }

        var events = interpreter.TakeEvents();
        var (activity, wakeAt) = waits
            ? (ExecutionActivity.Parked, now)
            : ExecutionFiles.StandingOf(interpreter, now);
        record = ExecutionFiles.With(record, interpreter.Execution);
        return new PreparedExecution(
            new LoadedExecution(record, interpreter)
            {
                Handle = request.IsSynchronous ? record.Id with { Name = $"{record.Id.Name}:{key}" } : record.Id,
                Activity = request.IsSynchronous && activity == ExecutionActivity.Parked
                    ? ExecutionActivity.Active
                    : activity,
                WakeAt = wakeAt,
                IsDurable = !request.IsSynchronous,
            },
            events)
        {
            Started = Started,
        };
    }

    private Result<(StateMachine Machine, string Revision, int? Version)> Find(
        ITransaction transaction, StartRequest request)
    {
        var arn = ArnOf(request);
        if (transaction.StateMachines.Get(request.Machine) is not { } machine)
        {
            return WorkflowErrors.MachineNotFound(arn);
        }

        if (machine.IsDeleting)
        {
            return MachineErrors.Deleting(request.Machine.Arn(region));
        }

        int? version = null;
        var wanted = machine.Revision;
        if (request.Qualifier is { } qualifier)
        {
            version = machine.Aliases.TryGetValue(qualifier, out var alias) ? Draw(alias)
                : int.TryParse(qualifier, out var number) ? number
                : null;
            if (machine.Versions.Find(candidate => candidate.Number == version) is not { } chosen)
            {
                return WorkflowErrors.MachineNotFound(arn);
            }

            wanted = chosen.Revision;
        }

        return (machine, wanted, version);
    }

    /// <summary>What was asked for, as the caller named it.</summary>
    private string ArnOf(StartRequest request) =>
        request.Machine.Arn(region) + (request.Qualifier is null ? "" : $":{request.Qualifier}");

    private int Draw(StateMachineAlias alias)
    {
        var drawn = chance.Next(100);
        foreach (var route in alias.Routes)
        {
            drawn -= route.Weight;
            if (drawn < 0)
            {
                return route.Version;
            }
        }

        return alias.Routes[^1].Version;
    }
}
