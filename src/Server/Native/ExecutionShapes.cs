using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Views;
using Lambent.Server.Workflows;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/executions and /v1/machines.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 2 * DataReader.MaximumDepth,
    Converters =
    [
        typeof(DataValueConverter), typeof(KebabConverter<RowStatus>), typeof(KebabConverter<AttemptOutcome>),
        typeof(KebabConverter<EdgeKind>),
    ])]
[JsonSerializable(typeof(ExecutionsAnswer))]
[JsonSerializable(typeof(ExecutionAnswer))]
[JsonSerializable(typeof(JournalAnswer))]
[JsonSerializable(typeof(TimelineAnswer))]
[JsonSerializable(typeof(GraphAnswer))]
[JsonSerializable(typeof(IterationsAnswer))]
[JsonSerializable(typeof(MachinesAnswer))]
[JsonSerializable(typeof(StopExecutionRequest))]
[JsonSerializable(typeof(SkipStateRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(SentEventAnswer))]
internal sealed partial class ExecutionJson : JsonSerializerContext;

/// <summary>Names such as timed-out.</summary>
internal sealed class KebabConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;

/// <summary>Inputs and outputs as the JSON they are.</summary>
internal sealed class DataValueConverter : JsonConverter<DataValue>
{
    public override DataValue Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("Requests take JSON elements, which are checked when they are read.");

    public override void Write(Utf8JsonWriter writer, DataValue value, JsonSerializerOptions options) =>
        DataWriter.Write(writer, value);
}

internal sealed record ExecutionsAnswer(IReadOnlyList<ExecutionAnswer> Executions, string? Next);

/// <param name="Iterations">Of distributed Maps, the latest first.</param>
/// <param name="Next">What to give as after for the next page, or null.</param>
internal sealed record IterationsAnswer(IReadOnlyList<IterationAnswer> Iterations, long? Next);

internal sealed record IterationAnswer
{
    public required string Arn { get; init; }

    /// <summary>The Map's label, or its name.</summary>
    public required string Map { get; init; }

    /// <summary>The event that began the Map's run.</summary>
    public required long Run { get; init; }

    /// <summary>Its place among the items, or batches of them, counted from 0.</summary>
    public required int Index { get; init; }

    /// <summary>running, succeeded, failed, timed-out, aborted.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public int RedriveCount { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public static IterationAnswer From(ExecutionRecord record, ChildExecution child, string region) => new()
    {
        Arn = child.Arn(record.Id, region),
        Map = child.Label,
        Run = child.Run,
        Index = child.Index,
        Status = ExecutionAnswer.StatusName(child.Status),
        StartedAt = child.StartedAt,
        StoppedAt = child.StoppedAt,
        RedriveCount = child.RedriveCount,
        Error = child.Error,
        Cause = child.Cause,
    };
}

internal sealed record ExecutionAnswer
{
    public required string Machine { get; init; }

    /// <summary>By which it is found; of an express execution more than its name.</summary>
    public required string Name { get; init; }

    public required string Arn { get; init; }

    /// <summary>running, succeeded, failed, timed-out, aborted.</summary>
    public required string Status { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>standard, express.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public int RedriveCount { get; init; }

    public DateTimeOffset? RedrivenAt { get; init; }

    /// <summary>Of the definition it runs on.</summary>
    public required string Revision { get; init; }

    public int? Version { get; init; }

    public string? Qualifier { get; init; }

    public required string RoleArn { get; init; }

    /// <summary>The task of another execution that waits for this one: MACHINE/NAME.</summary>
    public string? Parent { get; init; }

    /// <summary>By which it is found; null when there are none.</summary>
    public DataValue? Attributes { get; init; }

    /// <summary>The execution that goes on in its place: MACHINE/NAME.</summary>
    public string? ContinuedAs { get; init; }

    /// <summary>The execution in whose place it goes on: MACHINE/NAME.</summary>
    public string? ContinuedFrom { get; init; }

    /// <summary>Not in lists, as all that follows.</summary>
    public DataValue? Input { get; init; }

    public DataValue? Output { get; init; }

    public IReadOnlyList<string>? CurrentStates { get; init; }

    public string? Definition { get; init; }

    public static ExecutionAnswer From(ExecutionRecord record, string region) => new()
    {
        Machine = record.Id.Machine,
        Name = record.Id.Name,
        Arn = ExecutionFiles.ArnOf(record, region),
        Status = StatusName(record.Status),
        IsPaused = record.IsPaused,
        Type = record.Type == StateMachineType.Express ? "express" : "standard",
        StartedAt = record.StartedAt,
        StoppedAt = record.StoppedAt,
        Error = record.Error,
        Cause = record.Cause,
        RedriveCount = record.RedriveCount,
        RedrivenAt = record.RedrivenAt,
        Revision = record.Revision,
        Version = record.Version,
        Qualifier = record.Qualifier,
        RoleArn = record.RoleArn,
        Attributes = record.Attributes.Count == 0 ? null : record.Attributes,
        ContinuedAs = record.ContinuedAs is { } next ? $"{record.Id.Machine}/{next}" : null,
        ContinuedFrom = record.Lineage is { From: var before } ? $"{record.Id.Machine}/{before}" : null,
        Parent = record.Parent is { Execution: var parent } ? $"{parent.Machine}/{parent.Name}" : null,
    };

    public static string StatusName(ExecutionStatus status) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());
}

internal sealed record JournalAnswer(IReadOnlyList<JournalEventAnswer> Events, long? Next);

/// <summary>What happened, with what came in and out.</summary>
internal sealed record JournalEventAnswer
{
    public required long Sequence { get; init; }

    /// <summary>Its number in AWS's history; null for what is ours alone.</summary>
    public long? HistoryId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Type { get; init; }

    public required int Branch { get; init; }

    public string? Name { get; init; }

    public DataValue? Input { get; init; }

    public DataValue? Output { get; init; }

    public DataValue? Assigned { get; init; }

    public string? Next { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? Location { get; init; }

    public int? Index { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>By which an event that was sent is known again.</summary>
    public string? Key { get; init; }

    public static JournalEventAnswer From(JournalEvent happened) => new()
    {
        Sequence = happened.Sequence,
        HistoryId = happened.Id == 0 ? null : happened.Id,
        At = happened.At,
        Type = happened.Type.ToString(),
        Branch = happened.Branch,
        Name = happened.Name,
        Input = happened.Input,
        Output = happened.Output,
        Assigned = happened.Assigned,
        Next = happened.Next,
        Error = happened.Error,
        Cause = happened.Cause,
        Location = happened.Location,
        Index = happened.Index,
        Until = happened.Until,
        Key = happened.Key,
    };
}

internal sealed record TimelineAnswer
{
    public required string Machine { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public bool IsPaused { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The server's clock, up to which what is going on goes.</summary>
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<TimelineRow> Rows { get; init; }

    public required IReadOnlyList<TimelinePause> Pauses { get; init; }

    public required IReadOnlyList<DateTimeOffset> Redrives { get; init; }

    /// <summary>All rows, also those on other pages.</summary>
    public required int RowCount { get; init; }

    public int? Next { get; init; }
}

internal sealed record GraphAnswer(string Machine, string Name, string Status, GraphView Graph);

internal sealed record MachinesAnswer(IReadOnlyList<MachineAnswer> Machines, string? Next);

/// <param name="Running">Executions that go on.</param>
/// <param name="Failed">Those that failed and are kept.</param>
/// <param name="LastStartedAt">When the last one began; null when there is none.</param>
/// <param name="LastName">That one's name.</param>
/// <param name="LastStatus">How it stands.</param>
internal sealed record MachineAnswer(
    string Name,
    string Arn,
    string Type,
    bool IsDeleting,
    string Revision,
    long Running,
    long Failed,
    DateTimeOffset? LastStartedAt,
    string? LastName,
    string? LastStatus,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

internal sealed record StopExecutionRequest(string? Error, string? Cause);

internal sealed record SkipStateRequest(string? State, JsonElement? Output);

internal sealed record BulkRequest
{
    public string? Machine { get; init; }

    public string? Status { get; init; }

    /// <summary>Of stop: what the executions end with. Of redrive: only those that ended with it.</summary>
    public string? Error { get; init; }

    public string? Cause { get; init; }

    public int? Count { get; init; }

    public double? PerSecond { get; init; }

    public string? After { get; init; }
}

/// <param name="Machine">Of the execution.</param>
/// <param name="Name">Of the execution.</param>
/// <param name="Event">The event's name.</param>
/// <param name="IsNew">False when one with the same key was received before.</param>
internal sealed record SentEventAnswer(string Machine, string Name, string Event, bool IsNew);

/// <param name="Changed">To how many it was done.</param>
/// <param name="Refused">How many would not.</param>
/// <param name="Next">What to give as after, to go on; null when there are no more.</param>
internal sealed record BulkAnswer(int Changed, int Refused, string? Next);
