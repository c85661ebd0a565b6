using System.Text.Json.Serialization;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/schedules.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PutScheduleRequest))]
[JsonSerializable(typeof(ScheduleAnswer))]
[JsonSerializable(typeof(SchedulesAnswer))]
[JsonSerializable(typeof(ScheduleRunAnswer))]
internal sealed partial class ScheduleJson : JsonSerializerContext;

internal sealed record PutScheduleRequest
{
    public string? Expression { get; init; }

    public string? Zone { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public DateTimeOffset? EndAt { get; init; }

    public int? WindowMinutes { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>NAME or NAME:QUALIFIER; one of this, <see cref="Queue"/> and <see cref="StateMachine"/>.</summary>
    public string? Function { get; init; }

    public string? Queue { get; init; }

    /// <summary>NAME or NAME:QUALIFIER.</summary>
    public string? StateMachine { get; init; }

    public string? Input { get; init; }

    /// <summary>For a FIFO queue.</summary>
    public string? MessageGroup { get; init; }

    /// <summary>The queue for what could not be handed over.</summary>
    public string? DeadLetterQueue { get; init; }

    public int? Retries { get; init; }

    public int? AgeSeconds { get; init; }

    public string? Description { get; init; }

    public bool? DeleteWhenOver { get; init; }

    public int? Runs { get; init; }

    /// <summary>fire-last, fire-all or skip.</summary>
    public string? Misfire { get; init; }

    /// <summary>allow, skip or queue.</summary>
    public string? Overlap { get; init; }

    /// <summary>True: fails when there is such a schedule. Otherwise that one is written anew.</summary>
    public bool? MustBeNew { get; init; }
}

internal sealed record SchedulesAnswer(
    IReadOnlyList<ScheduleAnswer> Schedules,
    IReadOnlyList<UpcomingAnswer> Upcoming,
    IReadOnlyList<MissedAnswer> Missed,
    bool IsComplete);

internal sealed record UpcomingAnswer(string Group, string Name, DateTimeOffset At);

internal sealed record MissedAnswer(
    string Group,
    string Name,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    long Count,
    string Reason,
    string? Detail)
{
    public static MissedAnswer From(ScheduleId id, MissedOccurrences missed) => new(
        id.Group,
        id.Name,
        missed.FirstAt,
        missed.LastAt,
        missed.Count,
        missed.Reason.ToString().ToLowerInvariant(),
        missed.Detail);
}

internal sealed record ScheduleRunAnswer(string Group, string Name, string Id);

internal sealed record ScheduleAnswer
{
    public required string Group { get; init; }

    public required string Name { get; init; }

    public required string Arn { get; init; }

    public required string Expression { get; init; }

    public required string Zone { get; init; }

    /// <summary>enabled, disabled or over.</summary>
    public required string State { get; init; }

    public required string Target { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public DateTimeOffset? EndAt { get; init; }

    public int? WindowMinutes { get; init; }

    public int? Runs { get; init; }

    public required string Misfire { get; init; }

    public required string Overlap { get; init; }

    public required long Fired { get; init; }

    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The id under which the last one was handed over: an event's, or that of the call.</summary>
    public string? LastId { get; init; }

    /// <summary>Of a state machine as target: the name of the execution that the last one began.</summary>
    public string? LastExecution { get; init; }

    public required long MissedCount { get; init; }

    /// <summary>Hand-overs that are tried again.</summary>
    public required int Held { get; init; }

    /// <summary>Times of occurrences that wait for the one before to end, with overlap queue.</summary>
    public IReadOnlyList<DateTimeOffset>? Waiting { get; init; }

    public required IReadOnlyList<DateTimeOffset> Next { get; init; }

    /// <summary>Only where one schedule was asked for.</summary>
    public IReadOnlyList<MissedAnswer>? Missed { get; init; }

    public static ScheduleAnswer From(Schedule schedule, string region, IReadOnlyList<DateTimeOffset> next) => new()
    {
        Group = schedule.Id.Group,
        Name = schedule.Id.Name,
        Arn = schedule.Id.Arn(region),
        Expression = schedule.Settings.Expression,
        Zone = schedule.Settings.Zone,
        State = !schedule.Settings.IsEnabled ? "disabled" : schedule.IsOver ? "over" : "enabled",
        Target = schedule.Settings.Target.Arn,
        StartAt = schedule.Settings.StartAt,
        EndAt = schedule.Settings.EndAt,
        WindowMinutes = schedule.Settings.WindowMinutes,
        Runs = schedule.Options.RunsMax,
        Misfire = ScheduleWords.Of(schedule.Options.Misfire),
        Overlap = ScheduleWords.Of(schedule.Options.Overlap),
        Fired = schedule.FiredCount,
        LastAt = schedule.LastAt,
        LastId = schedule.LastDeliveryId,
        LastExecution = schedule.LastAt is { } last
            && StateMachineId.FromArn(schedule.Settings.Target.Arn, region) is not null
                ? schedule.ExecutionName(last)
                : null,
        MissedCount = schedule.MissedCount,
        Held = schedule.Held.Length,
        Waiting = schedule.Options.Overlap == OverlapPolicy.Queue || !schedule.Waiting.IsEmpty
            ? schedule.Waiting
            : null,
        Next = next,
    };
}

/// <summary>Policies as people write them.</summary>
internal static class ScheduleWords
{
    public static string Of(MisfirePolicy policy) => policy switch
    {
        MisfirePolicy.FireAll => "fire-all",
        MisfirePolicy.Skip => "skip",
        _ => "fire-last",
    };

    public static string Of(OverlapPolicy policy) => policy switch
    {
        OverlapPolicy.Skip => "skip",
        OverlapPolicy.Queue => "queue",
        _ => "allow",
    };

    public static MisfirePolicy? Misfire(string? word) => word switch
    {
        null or "fire-last" => MisfirePolicy.FireLast,
        "fire-all" => MisfirePolicy.FireAll,
        "skip" => MisfirePolicy.Skip,
        _ => null,
    };

    public static OverlapPolicy? Overlap(string? word) => word switch
    {
        null or "allow" => OverlapPolicy.Allow,
        "skip" => OverlapPolicy.Skip,
        "queue" => OverlapPolicy.Queue,
        _ => null,
    };
}
