using System.Text.Json.Serialization;
using Lambent.Server.Schedules;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/schedules/calendar and /v1/schedules/preview.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CalendarAnswer))]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(PreviewAnswer))]
internal sealed partial class CalendarJson : JsonSerializerContext;

/// <param name="From">The first moment.</param>
/// <param name="To">The moment after the last.</param>
/// <param name="Zone">By whose clock days begin.</param>
/// <param name="Days">In order of schedule and time.</param>
/// <param name="IsComplete">False when there were too many to go through.</param>
internal sealed record CalendarAnswer(
    DateTimeOffset From, DateTimeOffset To, string Zone, IReadOnlyList<DayAnswer> Days, bool IsComplete);

/// <summary>Occurrences of one schedule with one fate on one day.</summary>
internal sealed record DayAnswer
{
    public required string Group { get; init; }

    public required string Name { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>fired, missed, held, waiting or coming.</summary>
    public required string State { get; init; }

    public required long Count { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    /// <summary>The first 24.</summary>
    public required IReadOnlyList<DateTimeOffset> Times { get; init; }

    /// <summary>Of those that were missed: late, overlap or refused.</summary>
    public string? Reason { get; init; }

    public string? Detail { get; init; }

    public static DayAnswer From(CalendarEntry entry) => new()
    {
        Group = entry.Schedule.Id.Group,
        Name = entry.Schedule.Id.Name,
        Day = entry.Day,
        State = entry.State.ToString().ToLowerInvariant(),
        Count = entry.Count,
        FirstAt = entry.FirstAt,
        LastAt = entry.LastAt,
        Times = entry.Times,
        Reason = entry.Reason?.ToString().ToLowerInvariant(),
        Detail = entry.Detail,
    };
}

internal sealed record PreviewRequest
{
    public string? Expression { get; init; }

    public string? Zone { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public DateTimeOffset? EndAt { get; init; }

    public int? Runs { get; init; }

    /// <summary>5 unless it is said.</summary>
    public int? Count { get; init; }
}

internal sealed record PreviewAnswer(IReadOnlyList<DateTimeOffset> Times);
