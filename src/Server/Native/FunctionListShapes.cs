using System.Text.Json.Serialization;
using Lambent.Kernel.Functions;
using Lambent.Storage.Telemetry.Calls;

namespace Lambent.Server.Native;

/// <summary>The shapes of GET /v1/functions.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FunctionEntriesAnswer))]
internal sealed partial class FunctionListJson : JsonSerializerContext;

/// <param name="Functions">By name.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Next">What to give as after for more; absent on the last page.</param>
internal sealed record FunctionEntriesAnswer(IReadOnlyList<FunctionEntryAnswer> Functions, int Total, string? Next);

internal sealed record FunctionEntryAnswer
{
    private const string Off = "off";

    public static readonly IReadOnlyList<string> States =
        ["active", "pending", "failed", "updating", "update-failed", Off];

    public required string Name { get; init; }

    public required string Runtime { get; init; }

    public required string Description { get; init; }

    /// <summary>One of <see cref="States"/>; off: reserved concurrency is 0, so that every call is refused.</summary>
    public required string State { get; init; }

    /// <summary>Why it or its last update failed.</summary>
    public string? StateReason { get; init; }

    public required int MemoryMegabytes { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required long CodeBytes { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }

    public required int Versions { get; init; }

    public required int Aliases { get; init; }

    public required bool HasUrl { get; init; }

    public int? ReservedConcurrency { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Absent when no call is kept.</summary>
    public DateTimeOffset? LastCalledAt { get; init; }

    public string? LastOutcome { get; init; }

    public static FunctionEntryAnswer From(Function function, CallEntry? lastCall)
    {
        var latest = function.Latest;
        return new FunctionEntryAnswer
        {
            Name = function.Id.Name,
            Runtime = latest.Runtime,
            Description = latest.Description,
            State = StateOf(function),
            StateReason = latest.State == FunctionState.Failed ? latest.StateReason : latest.LastUpdateStatusReason,
            MemoryMegabytes = latest.MemoryMegabytes,
            TimeoutSeconds = latest.TimeoutSeconds,
            CodeBytes = latest.Code.SizeBytes,
            LastModifiedAt = latest.LastModifiedAt,
            Versions = function.Versions.Count,
            Aliases = function.Aliases.Count,
            HasUrl = !function.Urls.IsEmpty,
            ReservedConcurrency = function.ReservedConcurrency,
            Tags = function.Tags,
            LastCalledAt = lastCall?.Record.StartedAt,
            LastOutcome = lastCall is null ? null : OutcomeNames.Of(lastCall.Record.Outcome),
        };
    }

    public static string StateOf(Function function) => function switch
    {
        { Latest.State: FunctionState.Failed } => "failed",
        { Latest.State: FunctionState.Pending } => "pending",
        { Latest.LastUpdateStatus: UpdateStatus.Failed } => "update-failed",
        { Latest.LastUpdateStatus: UpdateStatus.InProgress } => "updating",
        { ReservedConcurrency: 0 } => Off,
        _ => "active",
    };
}
