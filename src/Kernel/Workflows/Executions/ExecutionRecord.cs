using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>What is known of an execution without its journal.</summary>
public sealed record ExecutionRecord
{
    public required ExecutionId Id { get; init; }

    /// <summary>What its journal is kept under; unlike the name never given twice.</summary>
    public required string Key { get; init; }

    /// <summary>The revision it started on, and stays on.</summary>
    public required string Revision { get; init; }

    public StateMachineType Type { get; init; }

    /// <summary>The version or alias it was started through, or null.</summary>
    public string? Qualifier { get; init; }

    /// <summary>The version's number when there is one.</summary>
    public int? Version { get; init; }

    public required string RoleArn { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>SHA-256 of its input: a second start with the same name must have the same.</summary>
    public required string InputDigest { get; init; }

    public string? TraceHeader { get; init; }

    public ExecutionStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public int RedriveCount { get; init; }

    public DateTimeOffset? RedrivenAt { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>The task of another execution that waits for this one.</summary>
    public ExecutionParent? Parent { get; init; }

    /// <summary>By which it is found.</summary>
    public DataObject Attributes { get; init; } = DataObject.Empty;

    /// <summary>Of one that goes on in the place of another: what it goes on from, and in which place.</summary>
    public ExecutionLineage? Lineage { get; init; }

    /// <summary>The name of the execution, of the same machine, that goes on in its place, or null.</summary>
    public string? ContinuedAs { get; init; }
}

/// <summary>Executions that went on as one another.</summary>
/// <param name="First">The name of the first of them.</param>
/// <param name="From">The name of the one before.</param>
/// <param name="Number">2 for the one after the first.</param>
public sealed record ExecutionLineage(string First, string From, int Number);

/// <param name="Execution">Who waits.</param>
/// <param name="Task">The number of its task.</param>
public sealed record ExecutionParent(ExecutionId Execution, long Task);

/// <summary>Whether somebody looks after an execution.</summary>
public enum ExecutionActivity
{
    /// <summary>It ended.</summary>
    Over,

    /// <summary>A process has it in memory; after a crash it is taken up at once.</summary>
    Active,

    /// <summary>Nothing is under way: it waits for its time or for somebody outside, and takes up no memory.</summary>
    Parked,
}

/// <param name="Machine">Of one machine, or null.</param>
/// <param name="Status">With one status, or null.</param>
/// <param name="Before">Those that started before, in the order of the list.</param>
/// <param name="BeforeKey">Of those that started at the same time, those with a lower key.</param>
/// <param name="Where">What must all hold for their attributes.</param>
public sealed record ExecutionFilter(
    string? Machine,
    ExecutionStatus? Status,
    DateTimeOffset? Before = null,
    string? BeforeKey = null,
    IReadOnlyList<AttributeCondition>? Where = null);

public interface IExecutionTable
{
    ExecutionRecord? Get(ExecutionId id);

    /// <summary>Those of an account, the latest first.</summary>
    IReadOnlyList<ExecutionRecord> List(AccountId account, ExecutionFilter filter, int limit);

    long Count(AccountId account, string machine, ExecutionStatus status);

    void Add(ExecutionRecord record, ExecutionActivity activity, DateTimeOffset? wakeAt);

    /// <summary>Says anew by which attributes it is found; those it has are among what <see cref="Add"/> writes.
    /// </summary>
    void SetAttributes(ExecutionRecord record);

    void Change(ExecutionRecord record, ExecutionActivity activity, DateTimeOffset? wakeAt);

    /// <summary>A parked execution is to be looked at now.</summary>
    void Wake(ExecutionId id, DateTimeOffset at);

    /// <summary>Those that were under way, in a process that is no more, are due.</summary>
    void WakeActive(DateTimeOffset at);

    /// <summary>Parked ones whose time has come, the earliest first.</summary>
    IReadOnlyList<ExecutionRecord> Due(DateTimeOffset now, int limit);

    DateTimeOffset? NextDue();

    /// <summary>Ended ones that were kept long enough.</summary>
    IReadOnlyList<ExecutionRecord> StoppedBefore(DateTimeOffset before, int limit);

    /// <summary>With its journal.</summary>
    void Delete(ExecutionRecord record);

    void DeleteOf(AccountId account);
}

public interface IJournalTable
{
    /// <summary>
    /// Appends events that were decided together. That their first number is free is what says that nobody else has
    /// gone on with the execution meanwhile.
    /// </summary>
    /// <returns>False when the number is taken: nothing is written.</returns>
    bool Append(AccountId account, string key, IReadOnlyList<JournalEvent> events);

    /// <summary>The whole journal, in order.</summary>
    IEnumerable<JournalEvent> Read(AccountId account, string key);

    /// <summary>The last events, whole writes at a time, at least <paramref name="atLeast"/> unless there are fewer.
    /// </summary>
    IReadOnlyList<JournalEvent> ReadLast(AccountId account, string key, int atLeast);

    /// <summary>From the write that has <paramref name="sequence"/>, whole writes, until at least
    /// <paramref name="atLeast"/> are there.</summary>
    IReadOnlyList<JournalEvent> ReadFrom(AccountId account, string key, long sequence, int atLeast);
}
