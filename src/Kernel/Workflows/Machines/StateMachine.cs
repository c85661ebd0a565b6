using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Kernel.Workflows.Machines;

/// <param name="Account">Whose it is.</param>
/// <param name="Name">Unique in the account.</param>
public sealed record StateMachineId(AccountId Account, string Name)
{
    public string Arn(string region) => $"arn:aws:states:{region}:{Account}:stateMachine:{Name}";

    /// <summary>The machine that an ARN of this region names, with what stands behind its name (a version or an alias);
    /// null when it names none.</summary>
    public static (StateMachineId Id, string? Qualifier)? FromArn(string arn, string region)
    {
        var parts = arn.Split(':');
        return parts.Length is 7 or 8 && parts[0] == "arn" && parts[1] == "aws" && parts[2] == "states"
            && parts[3] == region && parts[5] == "stateMachine" && parts[6].Length > 0
            && AccountId.TryParse(parts[4], out var account)
                ? (new StateMachineId(account, parts[6]), parts.Length == 8 ? parts[7] : null)
                : null;
    }
}

public enum StateMachineType
{
    Standard,
    Express,
}

/// <summary>A state machine with its versions and aliases. What it does is in its revisions.</summary>
public sealed record StateMachine
{
    public required StateMachineId Id { get; init; }

    public required StateMachineType Type { get; init; }

    /// <summary>The revision that is started without a version or alias.</summary>
    public required string Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsDeleting { get; init; }

    /// <summary>The highest version number ever given.</summary>
    public int LastVersion { get; init; }

    public ImmutableList<StateMachineVersion> Versions { get; init; } = [];

    public ImmutableSortedDictionary<string, StateMachineAlias> Aliases { get; init; } =
        ImmutableSortedDictionary<string, StateMachineAlias>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
}

public sealed record StateMachineVersion(int Number, string Revision, string? Description, DateTimeOffset CreatedAt);

public sealed record StateMachineAlias(
    string Name,
    string? Description,
    ImmutableArray<AliasRoute> Routes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <param name="Version">Its number.</param>
/// <param name="Weight">Percent of the starts; those of an alias add up to 100.</param>
public sealed record AliasRoute(int Version, int Weight);

/// <summary>
/// What a state machine does, as of one update. Never changed, and kept while an execution runs on it.
/// </summary>
/// <param name="Machine">Whose it is.</param>
/// <param name="Revision">Its id (<c>revisionId</c>).</param>
/// <param name="Definition">The text in the States Language, as it was given.</param>
/// <param name="RoleArn">The role.</param>
/// <param name="Logging">JSON of <c>loggingConfiguration</c>, or null.</param>
/// <param name="Tracing">JSON of <c>tracingConfiguration</c>, or null.</param>
/// <param name="Encryption">JSON of <c>encryptionConfiguration</c>, or null.</param>
public sealed record StateMachineRevision(
    StateMachineId Machine,
    string Revision,
    string Definition,
    string RoleArn,
    string? Logging = null,
    string? Tracing = null,
    string? Encryption = null);

/// <summary>An activity: work that is taken by workers outside.</summary>
public sealed record Activity
{
    public required AccountId Account { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Encryption { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    public string Arn(string region) => $"arn:aws:states:{region}:{Account}:activity:{Name}";
}

public interface IStateMachineTable
{
    StateMachine? Get(StateMachineId id);

    /// <summary>Those of an account in order of their names, after <paramref name="after"/>.</summary>
    IReadOnlyList<StateMachine> List(AccountId account, string after, int limit);

    void Put(StateMachine machine);

    void Delete(StateMachineId id);

    StateMachineRevision? GetRevision(StateMachineId id, string revision);

    void AddRevision(StateMachineRevision revision);

    void DeleteRevisions(StateMachineId id);
}

public interface IActivityTable
{
    Activity? Get(AccountId account, string name);

    IReadOnlyList<Activity> List(AccountId account, string after, int limit);

    void Put(Activity activity);

    void Delete(AccountId account, string name);

    /// <summary>A task that waits for a worker.</summary>
    void AddTask(ActivityTask task);

    /// <summary>Those of an activity, the oldest first.</summary>
    IReadOnlyList<ActivityTask> Tasks(AccountId account, string activity, int limit);

    long CountTasks(AccountId account, string activity);

    void DeleteTask(ActivityTask task);
}

/// <param name="Activity">The activity's name.</param>
/// <param name="Execution">Whose task it is.</param>
/// <param name="Number">Which of its tasks.</param>
/// <param name="At">Since when it waits.</param>
public sealed record ActivityTask(string Activity, ExecutionId Execution, long Number, DateTimeOffset At);
