using System.Collections.Immutable;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Storage.Documents;

internal sealed class StateMachineDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required StateMachineType Type { get; set; }

    public required string Revision { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public bool IsDeleting { get; set; }

    public int LastVersion { get; set; }

    public List<StateMachineVersionDocument> Versions { get; set; } = [];

    public List<StateMachineAliasDocument> Aliases { get; set; } = [];

    public Dictionary<string, string> Tags { get; set; } = [];

    public static StateMachineDocument From(StateMachine machine) => new()
    {
        Account = machine.Id.Account.Value,
        Name = machine.Id.Name,
        Type = machine.Type,
        Revision = machine.Revision,
        CreatedAt = machine.CreatedAt,
        UpdatedAt = machine.UpdatedAt,
        IsDeleting = machine.IsDeleting,
        LastVersion = machine.LastVersion,
        Versions = [.. machine.Versions.Select(version => new StateMachineVersionDocument
        {
            Number = version.Number,
            Revision = version.Revision,
            Description = version.Description,
            CreatedAt = version.CreatedAt,
        })],
        Aliases = [.. machine.Aliases.Values.Select(alias => new StateMachineAliasDocument
        {
            Name = alias.Name,
            Description = alias.Description,
            Routes = [.. alias.Routes.Select(route => new AliasRouteDocument
            {
                Version = route.Version, Weight = route.Weight,
            })],
            CreatedAt = alias.CreatedAt,
            UpdatedAt = alias.UpdatedAt,
        })],
        Tags = machine.Tags.ToDictionary(StringComparer.Ordinal),
    };

    public StateMachine ToMachine()
    {
        var machine = new StateMachine
        {
            Id = new StateMachineId(AccountId.Parse(Account), Name),
            Type = Type,
            Revision = Revision,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            IsDeleting = IsDeleting,
            LastVersion = LastVersion,
            Versions = [.. Versions.Select(version => new StateMachineVersion(
                version.Number, version.Revision, version.Description, version.CreatedAt))],
        };
        return machine with
        {
            Aliases = machine.Aliases.AddRange(
                Aliases.Select(alias => KeyValuePair.Create(alias.Name, alias.ToAlias()))),
            Tags = machine.Tags.AddRange(Tags),
        };
    }
}

internal sealed class StateMachineVersionDocument
{
    public required int Number { get; set; }

    public required string Revision { get; set; }

    public string? Description { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}

internal sealed class StateMachineAliasDocument
{
    public required string Name { get; set; }

    public string? Description { get; set; }

    public required List<AliasRouteDocument> Routes { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public StateMachineAlias ToAlias() => new(
        Name,
        Description,
        [.. Routes.Select(route => new AliasRoute(route.Version, route.Weight))],
        CreatedAt,
        UpdatedAt);
}

internal sealed class AliasRouteDocument
{
    public required int Version { get; set; }

    public required int Weight { get; set; }
}

internal sealed class StateMachineRevisionDocument
{
    public required string Definition { get; set; }

    public required string RoleArn { get; set; }

    public string? Logging { get; set; }

    public string? Tracing { get; set; }

    public string? Encryption { get; set; }
}

internal sealed class ActivityDocument
{
    public required DateTimeOffset CreatedAt { get; set; }

    public string? Encryption { get; set; }

    public Dictionary<string, string> Tags { get; set; } = [];

    public static ActivityDocument From(Activity activity) => new()
    {
        CreatedAt = activity.CreatedAt,
        Encryption = activity.Encryption,
        Tags = activity.Tags.ToDictionary(StringComparer.Ordinal),
    };

    public Activity ToActivity(AccountId account, string name)
    {
        var activity = new Activity
        {
            Account = account, Name = name, CreatedAt = CreatedAt, Encryption = Encryption,
        };
        return activity with { Tags = activity.Tags.AddRange(Tags) };
    }
}

internal sealed class ExecutionDocument
{
    public required string Account { get; set; }

    public required string Machine { get; set; }

    public required string Name { get; set; }

    public required string Key { get; set; }

    public required string Revision { get; set; }

    public StateMachineType Type { get; set; }

    public string? Qualifier { get; set; }

    public int? Version { get; set; }

    public required string RoleArn { get; set; }

    public required ulong Seed { get; set; }

    public required string InputDigest { get; set; }

    public string? TraceHeader { get; set; }

    public ExecutionStatus Status { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? StoppedAt { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }

    public int RedriveCount { get; set; }

    public DateTimeOffset? RedrivenAt { get; set; }

    public bool IsPaused { get; set; }

    public string? ParentMachine { get; set; }

    public string? ParentName { get; set; }

    public long ParentTask { get; set; }

    /// <summary>JSON, when there are any.</summary>
    public string? Attributes { get; set; }

    public string? LineageFirst { get; set; }

    public string? LineageFrom { get; set; }

    public int LineageNumber { get; set; }

    public string? ContinuedAs { get; set; }

    public static ExecutionDocument From(ExecutionRecord record) => new()
    {
        Account = record.Id.Account.Value,
        Machine = record.Id.Machine,
        Name = record.Id.Name,
        Key = record.Key,
        Revision = record.Revision,
        Type = record.Type,
        Qualifier = record.Qualifier,
        Version = record.Version,
        RoleArn = record.RoleArn,
        Seed = record.Seed,
        InputDigest = record.InputDigest,
        TraceHeader = record.TraceHeader,
        Status = record.Status,
        StartedAt = record.StartedAt,
        StoppedAt = record.StoppedAt,
        Error = record.Error,
        Cause = record.Cause,
        RedriveCount = record.RedriveCount,
        RedrivenAt = record.RedrivenAt,
        IsPaused = record.IsPaused,
        ParentMachine = record.Parent?.Execution.Machine,
        ParentName = record.Parent?.Execution.Name,
        ParentTask = record.Parent?.Task ?? 0,
        Attributes = record.Attributes.Count == 0 ? null : record.Attributes.ToString(),
        LineageFirst = record.Lineage?.First,
        LineageFrom = record.Lineage?.From,
        LineageNumber = record.Lineage?.Number ?? 0,
        ContinuedAs = record.ContinuedAs,
    };

    public ExecutionRecord ToRecord()
    {
        var account = AccountId.Parse(Account);
        return new ExecutionRecord
        {
            Id = new ExecutionId(account, Machine, Name),
            Key = Key,
            Revision = Revision,
            Type = Type,
            Qualifier = Qualifier,
            Version = Version,
            RoleArn = RoleArn,
            Seed = Seed,
            InputDigest = InputDigest,
            TraceHeader = TraceHeader,
            Status = Status,
            StartedAt = StartedAt,
            StoppedAt = StoppedAt,
            Error = Error,
            Cause = Cause,
            RedriveCount = RedriveCount,
            RedrivenAt = RedrivenAt,
            IsPaused = IsPaused,
            Parent = ParentMachine is null
                ? null
                : new ExecutionParent(new ExecutionId(account, ParentMachine, ParentName!), ParentTask),
            Attributes = Attributes is null
                ? DataObject.Empty
                : (DataObject)DataReader.ReadOwn(Encoding.UTF8.GetBytes(Attributes)),
            Lineage = LineageFirst is null ? null : new ExecutionLineage(LineageFirst, LineageFrom!, LineageNumber),
            ContinuedAs = ContinuedAs,
        };
    }
}
