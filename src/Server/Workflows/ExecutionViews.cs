using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Views;

namespace Lambent.Server.Workflows;

/// <summary>A machine, how many executions of it go on, and the one that began last.</summary>
internal sealed record MachineView(
    StateMachine Machine, long RunningCount, long FailedCount, ExecutionRecord? Last);

/// <summary>Executions as people look at them: made from the journal and the definition when somebody asks.</summary>
internal sealed class ExecutionViews(IStore store, MachineDirectory machines, string region)
{
    public Result<Timeline> TimelineOf(ExecutionRecord record) =>
        DefinitionOf(record).Failed(out var definition, out var gone)
            ? gone
            : TimelineReader.Read(definition, JournalOf(record));

    public Result<GraphView> GraphOf(ExecutionRecord record) =>
        DefinitionOf(record).Failed(out var definition, out var gone)
            ? gone
            : GraphViewer.View(definition, TimelineReader.Read(definition, JournalOf(record)));

    /// <summary>The state each line of control is in; none of an execution that ended.</summary>
    public IReadOnlyList<string> CurrentStatesOf(ExecutionRecord record) =>
        record.Status != ExecutionStatus.Running || DefinitionOf(record).Failed(out var definition, out _)
            ? []
            : Execution.Rebuild(ExecutionFiles.IdentityOf(record, region), definition, JournalOf(record)).CurrentStates;

    /// <summary>In order of their names.</summary>
    public IReadOnlyList<MachineView> Machines(AccountId account, string after, int limit) =>
        store.Read(transaction => transaction.StateMachines.List(account, after, limit)
            .Select(machine => new MachineView(
                machine,
                transaction.Executions.Count(account, machine.Id.Name, ExecutionStatus.Running),
                transaction.Executions.Count(account, machine.Id.Name, ExecutionStatus.Failed),
                transaction.Executions.List(account, new ExecutionFilter(machine.Id.Name, null), 1) is [var latest, ..]
                    ? latest
                    : null))
            .ToList());

    private List<JournalEvent> JournalOf(ExecutionRecord record) =>
        store.Read(transaction => transaction.Journal.Read(record.Id.Account, record.Key).ToList());

    private Result<StateMachineDefinition> DefinitionOf(ExecutionRecord record)
    {
        var machine = new StateMachineId(record.Id.Account, record.Id.Machine);
        return machines.Find(machine, record.Revision)?.Definition is { } definition
            ? definition
            : WorkflowErrors.MachineNotFound(machine.Arn(region));
    }
}
