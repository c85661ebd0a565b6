using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Tests.Memory;

/// <summary>Tables without state machines and executions: those are tested on the real store.</summary>
internal sealed class NoWorkflows : IStateMachineTable, IActivityTable, IExecutionTable, IJournalTable
{
    public StateMachine? Get(StateMachineId id) => null;

    IReadOnlyList<StateMachine> IStateMachineTable.List(AccountId account, string after, int limit) => [];

    public void Put(StateMachine machine) => throw Unsupported();

    public void Delete(StateMachineId id) => throw Unsupported();

    public StateMachineRevision? GetRevision(StateMachineId id, string revision) => null;

    public void AddRevision(StateMachineRevision revision) => throw Unsupported();

    public void DeleteRevisions(StateMachineId id) => throw Unsupported();

    public Activity? Get(AccountId account, string name) => null;

    IReadOnlyList<Activity> IActivityTable.List(AccountId account, string after, int limit) => [];

    public void Put(Activity activity) => throw Unsupported();

    public void Delete(AccountId account, string name) => throw Unsupported();

    public void AddTask(ActivityTask task) => throw Unsupported();

    public IReadOnlyList<ActivityTask> Tasks(AccountId account, string activity, int limit) => [];

    public long CountTasks(AccountId account, string activity) => 0;

    public void DeleteTask(ActivityTask task) => throw Unsupported();

    public ExecutionRecord? Get(ExecutionId id) => null;

    IReadOnlyList<ExecutionRecord> IExecutionTable.List(AccountId account, ExecutionFilter filter, int limit) => [];

    public long Count(AccountId account, string machine, ExecutionStatus status) => 0;

    public void Add(ExecutionRecord record, ExecutionActivity activity, DateTimeOffset? wakeAt) => throw Unsupported();

    public void Change(ExecutionRecord record, ExecutionActivity activity, DateTimeOffset? wakeAt) =>
        throw Unsupported();

    public void SetAttributes(ExecutionRecord record) =>
        throw Unsupported();

    public void Wake(ExecutionId id, DateTimeOffset at) => throw Unsupported();

    public void WakeActive(DateTimeOffset at)
    {
        // There are none.
    }

    public IReadOnlyList<ExecutionRecord> Due(DateTimeOffset now, int limit) => [];

    public DateTimeOffset? NextDue() => null;

    public IReadOnlyList<ExecutionRecord> StoppedBefore(DateTimeOffset before, int limit) => [];

    public void Delete(ExecutionRecord record) => throw Unsupported();

    public void DeleteOf(AccountId account)
    {
        // There are none.
    }

    public bool Append(AccountId account, string key, IReadOnlyList<JournalEvent> events) => throw Unsupported();

    public IEnumerable<JournalEvent> Read(AccountId account, string key) => [];

    public IReadOnlyList<JournalEvent> ReadLast(AccountId account, string key, int atLeast) => [];

    public IReadOnlyList<JournalEvent> ReadFrom(AccountId account, string key, long sequence, int atLeast) => [];

    private static NotSupportedException Unsupported() => new("Workflows are tested on the real store.");
}
