using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;

namespace Lambent.Storage.Documents;

internal sealed class ScheduleDocument
{
    public required string Account { get; set; }

    public required string Group { get; set; }

    public required string Name { get; set; }

    public required string Incarnation { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public required string Expression { get; set; }

    public string Zone { get; set; } = "UTC";

    public DateTimeOffset? StartAt { get; set; }

    public DateTimeOffset? EndAt { get; set; }

    public int? WindowMinutes { get; set; }

    public bool IsEnabled { get; set; }

    public required ScheduleTargetDocument Target { get; set; }

    public string? Description { get; set; }

    public string? KmsKeyArn { get; set; }

    public bool DeletesWhenOver { get; set; }

    public int? RunsMax { get; set; }

    public MisfirePolicy Misfire { get; set; }

    public OverlapPolicy Overlap { get; set; }

    public required DateTimeOffset AnchorAt { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public long FiredCount { get; set; }

    public DateTimeOffset? LastAt { get; set; }

    public string? LastDeliveryId { get; set; }

    public long MissedCount { get; set; }

    public List<HeldOccurrenceDocument> Held { get; set; } = [];

    public DateTimeOffset[]? Waiting { get; set; }

    public static ScheduleDocument From(Schedule schedule) => new()
    {
        Account = schedule.Id.Account.Value,
        Group = schedule.Id.Group,
        Name = schedule.Id.Name,
        Incarnation = schedule.Incarnation,
        CreatedAt = schedule.CreatedAt,
        ModifiedAt = schedule.ModifiedAt,
        Expression = schedule.Settings.Expression,
        Zone = schedule.Settings.Zone,
        StartAt = schedule.Settings.StartAt,
        EndAt = schedule.Settings.EndAt,
        WindowMinutes = schedule.Settings.WindowMinutes,
        IsEnabled = schedule.Settings.IsEnabled,
        Target = ScheduleTargetDocument.From(schedule.Settings.Target),
        Description = schedule.Settings.Description,
        KmsKeyArn = schedule.Settings.KmsKeyArn,
        DeletesWhenOver = schedule.Settings.DeletesWhenOver,
        RunsMax = schedule.Options.RunsMax,
        Misfire = schedule.Options.Misfire,
        Overlap = schedule.Options.Overlap,
        AnchorAt = schedule.AnchorAt,
        NextAt = schedule.NextAt,
        DueAt = schedule.DueAt,
        FiredCount = schedule.FiredCount,
        LastAt = schedule.LastAt,
        LastDeliveryId = schedule.LastDeliveryId,
        MissedCount = schedule.MissedCount,
        Held = [.. schedule.Held.Select(HeldOccurrenceDocument.From)],
        Waiting = schedule.Waiting.IsEmpty ? null : [.. schedule.Waiting],
    };

    public Schedule ToSchedule() => new()
    {
        Id = new ScheduleId(AccountId.Parse(Account), Group, Name),
        Incarnation = Incarnation,
        CreatedAt = CreatedAt,
        ModifiedAt = ModifiedAt,
        Settings = new ScheduleSettings
        {
            Expression = Expression,
            Zone = Zone,
            StartAt = StartAt,
            EndAt = EndAt,
            WindowMinutes = WindowMinutes,
            IsEnabled = IsEnabled,
            Target = Target.ToTarget(),
            Description = Description,
            KmsKeyArn = KmsKeyArn,
            DeletesWhenOver = DeletesWhenOver,
        },
        Options = new ScheduleOptions { RunsMax = RunsMax, Misfire = Misfire, Overlap = Overlap },
        AnchorAt = AnchorAt,
        NextAt = NextAt,
        DueAt = DueAt,
        FiredCount = FiredCount,
        LastAt = LastAt,
        LastDeliveryId = LastDeliveryId,
        MissedCount = MissedCount,
        Held = [.. Held.Select(held => held.ToHeld())],
        Waiting = [.. Waiting ?? []],
    };
}

internal sealed class ScheduleTargetDocument
{
    public required string Arn { get; set; }

    public required string RoleArn { get; set; }

    public string? Input { get; set; }

    public string? MessageGroupId { get; set; }

    public string? DeadLetterArn { get; set; }

    public int? RetriesMax { get; set; }

    public int? AgeSecondsMax { get; set; }

    public static ScheduleTargetDocument From(ScheduleTarget target) => new()
    {
        Arn = target.Arn,
        RoleArn = target.RoleArn,
        Input = target.Input,
        MessageGroupId = target.MessageGroupId,
        DeadLetterArn = target.DeadLetterArn,
        RetriesMax = target.RetriesMax,
        AgeSecondsMax = target.AgeSecondsMax,
    };

    public ScheduleTarget ToTarget() => new()
    {
        Arn = Arn,
        RoleArn = RoleArn,
        Input = Input,
        MessageGroupId = MessageGroupId,
        DeadLetterArn = DeadLetterArn,
        RetriesMax = RetriesMax,
        AgeSecondsMax = AgeSecondsMax,
    };
}

internal sealed class HeldOccurrenceDocument
{
    public required string Id { get; set; }

    public required DateTimeOffset ScheduledAt { get; set; }

    public required int Attempt { get; set; }

    public required DateTimeOffset FirstTriedAt { get; set; }

    public required DateTimeOffset DueAt { get; set; }

    public static HeldOccurrenceDocument From(HeldOccurrence held) => new()
    {
        Id = held.Occurrence.Id,
        ScheduledAt = held.Occurrence.ScheduledAt,
        Attempt = held.Occurrence.Attempt,
        FirstTriedAt = held.Occurrence.FirstTriedAt,
        DueAt = held.DueAt,
    };

    public HeldOccurrence ToHeld() => new(new Occurrence(Id, ScheduledAt, Attempt, FirstTriedAt), DueAt);
}

internal sealed class ScheduleGroupDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public bool IsDeleting { get; set; }

    public Dictionary<string, string> Tags { get; set; } = [];

    public static ScheduleGroupDocument From(ScheduleGroup group) => new()
    {
        Account = group.Id.Account.Value,
        Name = group.Id.Name,
        CreatedAt = group.CreatedAt,
        ModifiedAt = group.ModifiedAt,
        IsDeleting = group.IsDeleting,
        Tags = group.Tags.ToDictionary(StringComparer.Ordinal),
    };

    public ScheduleGroup ToGroup()
    {
        var group = new ScheduleGroup
        {
            Id = new ScheduleGroupId(AccountId.Parse(Account), Name),
            CreatedAt = CreatedAt,
            ModifiedAt = ModifiedAt,
            IsDeleting = IsDeleting,
        };
        return group with { Tags = group.Tags.AddRange(Tags) };
    }
}
