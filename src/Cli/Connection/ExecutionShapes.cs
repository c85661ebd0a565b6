using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>An execution as the server tells it; lists leave out the input and what follows it.</summary>
internal sealed record ExecutionEntry
{
    public required string Machine { get; init; }

    public required string Name { get; init; }

    public string Arn { get; init; } = "";

    public required string Status { get; init; }

    public bool IsPaused { get; init; }

    public string? Type { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public int RedriveCount { get; init; }

    public DateTimeOffset? RedrivenAt { get; init; }

    public string? Revision { get; init; }

    public int? Version { get; init; }

    public string? Qualifier { get; init; }

    public string? RoleArn { get; init; }

    public string? Parent { get; init; }

    public JsonElement? Attributes { get; init; }

    public string? ContinuedAs { get; init; }

    public string? ContinuedFrom { get; init; }

    public JsonElement? Input { get; init; }

    public JsonElement? Output { get; init; }

    public List<string>? CurrentStates { get; init; }

    public string? Definition { get; init; }

    [JsonIgnore]
    public bool HasEnded => Status != "running";

    [JsonIgnore]
    public string Standing => IsPaused ? "paused" : ContinuedAs is not null ? "continued" : Status;
}

internal sealed record ExecutionPage(List<ExecutionEntry> Executions, string? Next);

internal sealed record MachineEntry
{
    public required string Name { get; init; }

    public string Arn { get; init; } = "";

    public string Type { get; init; } = "";

    public bool IsDeleting { get; init; }

    public string Revision { get; init; } = "";

    public long Running { get; init; }

    public long Failed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record MachinePage(List<MachineEntry> Machines, string? Next);

internal sealed record JournalEntry
{
    public long Sequence { get; init; }

    public long? HistoryId { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Type { get; init; }

    public int Branch { get; init; }

    public string? Name { get; init; }

    public JsonElement? Input { get; init; }

    public JsonElement? Output { get; init; }

    public JsonElement? Assigned { get; init; }

    public string? Next { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? Location { get; init; }

    public int? Index { get; init; }

    public DateTimeOffset? Until { get; init; }
}

internal sealed record JournalPage(List<JournalEntry> Events, long? Next);

internal sealed record TimelineEntry
{
    public required string Machine { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public bool IsPaused { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required List<RowEntry> Rows { get; init; }

    public List<PauseEntry> Pauses { get; init; } = [];

    public List<DateTimeOffset> Redrives { get; init; } = [];

    public int RowCount { get; init; }

    public int? Next { get; init; }
}

internal sealed record PauseEntry(DateTimeOffset From, DateTimeOffset? To);

/// <summary>A state that was entered.</summary>
internal sealed record RowEntry
{
    public required int Number { get; init; }

    public required string State { get; init; }

    public string Type { get; init; } = "";

    public int Branch { get; init; }

    public int? Parent { get; init; }

    public int? Index { get; init; }

    public int Depth { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    public DateTimeOffset? ExitedAt { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? Next { get; init; }

    public List<AttemptEntry> Attempts { get; init; } = [];
}

internal sealed record AttemptEntry
{
    public required DateTimeOffset ScheduledAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required string Outcome { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public DateTimeOffset? RetryAt { get; init; }
}

internal sealed record StopCall(string? Error, string? Cause);

internal sealed record SentEventEntry(string Machine, string Name, string Event, bool IsNew);

internal sealed record SkipCall(string State, JsonElement Output);

internal sealed record BulkCall
{
    public required string Machine { get; init; }

    public string? Status { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public int? Count { get; init; }

    public double? PerSecond { get; init; }

    public string? After { get; init; }
}

internal sealed record IterationPage(List<IterationEntry> Iterations, long? Next);

internal sealed record IterationEntry
{
    public required string Arn { get; init; }

    public required string Map { get; init; }

    public required long Run { get; init; }

    public required int Index { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public int RedriveCount { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }
}

internal sealed record BulkReport(int Changed, int Refused, string? Next);

internal sealed record StartCall(
    [property: JsonPropertyName("stateMachineArn")] string MachineArn, string? Name, string Input);

internal sealed record StartedEntry(string ExecutionArn);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 512)]
[JsonSerializable(typeof(ExecutionEntry))]
[JsonSerializable(typeof(ExecutionPage))]
[JsonSerializable(typeof(MachineEntry))]
[JsonSerializable(typeof(MachinePage))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(TimelineEntry))]
[JsonSerializable(typeof(IterationPage))]
[JsonSerializable(typeof(StopCall))]
[JsonSerializable(typeof(SkipCall))]
[JsonSerializable(typeof(SentEventEntry))]
[JsonSerializable(typeof(BulkCall))]
[JsonSerializable(typeof(BulkReport))]
[JsonSerializable(typeof(StartCall))]
[JsonSerializable(typeof(StartedEntry))]
internal sealed partial class ExecutionJson : JsonSerializerContext;
