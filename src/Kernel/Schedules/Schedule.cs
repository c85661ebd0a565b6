using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.Kernel.Schedules;

/// <summary>A group of schedules. Tags are on groups, as on AWS.</summary>
public sealed record ScheduleGroup
{
    public required ScheduleGroupId Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>It and its schedules are being deleted; nothing new comes in.</summary>
    public bool IsDeleting { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>A schedule: what was written, and how far it is.</summary>
public sealed record Schedule
{
    public required ScheduleId Id { get; init; }

    /// <summary>Unique for ever: a schedule that is deleted and made again shares nothing with the old one.</summary>
    public required string Incarnation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    public required ScheduleSettings Settings { get; init; }

    public ScheduleOptions Options { get; init; } = new();

    /// <summary>The time that a rate counts from.</summary>
    public required DateTimeOffset AnchorAt { get; init; }

    /// <summary>The next time of the expression that was neither fired nor missed; null when there is none.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When the schedule is to be looked at next, null for never: it is disabled or over.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Occurrences that fired.</summary>
    public long FiredCount { get; init; }

    /// <summary>The scheduled time of the last occurrence that fired.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The id under which the last one was handed over.</summary>
    public string? LastDeliveryId { get; init; }

    public long MissedCount { get; init; }

    /// <summary>Occurrences whose target did not take them and that are tried again.</summary>
    public ImmutableArray<HeldOccurrence> Held { get; init; } = [];

    /// <summary>
    /// Scheduled times of occurrences that wait for the one before to end, in order; only with
    /// <see cref="OverlapPolicy.Queue"/>.
    /// </summary>
    public ImmutableArray<DateTimeOffset> Waiting { get; init; } = [];

    /// <summary>Whether nothing comes any more.</summary>
    public bool IsOver => NextAt is null && Held.IsEmpty && Waiting.IsEmpty;

    /// <summary>
    /// The name of the execution that an occurrence begins. It belongs to this schedule and this time, whatever attempt
    /// or server begins it, so that no occurrence can begin two.
    /// </summary>
    public string ExecutionName(DateTimeOffset scheduledAt)
    {
        var whole = $"{Id.Group}/{Id.Name}/{Incarnation}/{scheduledAt.UtcTicks}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..12];
        var time = scheduledAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"{Id.Name[..Math.Min(Id.Name.Length, 48)]}-{time}-{digest}";
    }
}

/// <summary>What a schedule says: the members of AWS's scheduler.</summary>
public sealed record ScheduleSettings
{
    public required string Expression { get; init; }

    /// <summary>An IANA name.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Not before. A rate counts from it.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Not after.</summary>
    public DateTimeOffset? EndAt { get; init; }

    /// <summary>Fires somewhere within so many minutes of the time; null: at the time.</summary>
    public int? WindowMinutes { get; init; }

    public bool IsEnabled { get; init; } = true;

    public required ScheduleTarget Target { get; init; }

    public string? Description { get; init; }

    /// <summary>Remembered and given back. Nothing is encrypted with it.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>Whether the schedule is deleted after its last occurrence.</summary>
    public bool DeletesWhenOver { get; init; }
}

/// <summary>What a schedule fires.</summary>
public sealed record ScheduleTarget
{
    /// <summary>Of a function or a queue.</summary>
    public required string Arn { get; init; }

    /// <summary>Demanded by AWS's API, remembered and given back; rights here do not come from roles.</summary>
    public required string RoleArn { get; init; }

    /// <summary>What is handed over; null: an event that tells of the schedule.</summary>
    public string? Input { get; init; }

    /// <summary>For a FIFO queue.</summary>
    public string? MessageGroupId { get; init; }

    /// <summary>The queue for what could not be handed over.</summary>
    public string? DeadLetterArn { get; init; }

    /// <summary>Further attempts to hand over; null: 185.</summary>
    public int? RetriesMax { get; init; }

    /// <summary>How long hand-overs are tried; null: a day.</summary>
    public int? AgeSecondsMax { get; init; }
}

/// <summary>What AWS's scheduler has no member for.</summary>
public sealed record ScheduleOptions
{
    /// <summary>The schedule is over after so many occurrences; null: it is not.</summary>
    public int? RunsMax { get; init; }

    public MisfirePolicy Misfire { get; init; }

    public OverlapPolicy Overlap { get; init; }
}

/// <summary>What happens to occurrences that were due while no server ran.</summary>
public enum MisfirePolicy
{
    /// <summary>The last one fires; the others are listed as missed.</summary>
    FireLast,

    /// <summary>The last hundred fire; older ones are listed as missed.</summary>
    FireAll,

    /// <summary>All are listed as missed.</summary>
    Skip,
}

/// <summary>What happens to an occurrence while the function still works on the one before.</summary>
public enum OverlapPolicy
{
    /// <summary>It fires.</summary>
    Allow,

    /// <summary>It is listed as missed.</summary>
    Skip,

    /// <summary>It waits until the one before has ended; above a hundred that wait it is listed as missed.</summary>
    Queue,
}

/// <summary>An occurrence to hand over.</summary>
/// <param name="Id">The id under which it is handed over, at every attempt.</param>
/// <param name="ScheduledAt">Its time by the expression.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="FirstTriedAt">When the first attempt was.</param>
public sealed record Occurrence(string Id, DateTimeOffset ScheduledAt, int Attempt, DateTimeOffset FirstTriedAt);

/// <summary>An occurrence that waits for its next attempt.</summary>
/// <param name="Occurrence">As it was tried last.</param>
/// <param name="DueAt">When it is tried again.</param>
public sealed record HeldOccurrence(Occurrence Occurrence, DateTimeOffset DueAt);

/// <summary>Why an occurrence did not fire. A member is never renamed: it is stored.</summary>
public enum MissReason
{
    /// <summary>No server ran when it was due.</summary>
    Late,

    /// <summary>The occurrence before was still being worked on, and as many waited as may.</summary>
    Overlap,

    /// <summary>Its target did not take it.</summary>
    Refused,
}

/// <summary>Occurrences in a row that did not fire.</summary>
/// <param name="FirstAt">The scheduled time of the first.</param>
/// <param name="LastAt">The scheduled time of the last; the same for one.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What the target said, or null.</param>
public sealed record MissedOccurrences(
    DateTimeOffset FirstAt, DateTimeOffset LastAt, long Count, MissReason Reason, string? Detail = null);
