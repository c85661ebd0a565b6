using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>The shapes of the scheduler's API. Times are seconds since 1970.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScheduleRequestShape))]
[JsonSerializable(typeof(ScheduleArnShape))]
[JsonSerializable(typeof(ScheduleShape))]
[JsonSerializable(typeof(ScheduleListShape))]
[JsonSerializable(typeof(GroupRequestShape))]
[JsonSerializable(typeof(GroupArnShape))]
[JsonSerializable(typeof(GroupShape))]
[JsonSerializable(typeof(GroupListShape))]
[JsonSerializable(typeof(TagsShape))]
[JsonSerializable(typeof(EmptyShape))]
internal sealed partial class SchedulerJson : JsonSerializerContext;

internal sealed record EmptyShape;

/// <summary>CreateSchedule and UpdateSchedule.</summary>
internal sealed record ScheduleRequestShape
{
    public string? ActionAfterCompletion { get; init; }

    public string? ClientToken { get; init; }

    public string? Description { get; init; }

    public double? EndDate { get; init; }

    public WindowShape? FlexibleTimeWindow { get; init; }

    public string? GroupName { get; init; }

    public string? KmsKeyArn { get; init; }

    public string? ScheduleExpression { get; init; }

    public string? ScheduleExpressionTimezone { get; init; }

    public double? StartDate { get; init; }

    public string? State { get; init; }

    public TargetShape? Target { get; init; }
}

internal sealed record WindowShape(string? Mode, int? MaximumWindowInMinutes);

internal sealed record TargetShape
{
    public string? Arn { get; init; }

    public string? RoleArn { get; init; }

    public string? Input { get; init; }

    public SqsParametersShape? SqsParameters { get; init; }

    public RetryPolicyShape? RetryPolicy { get; init; }

    public DeadLetterShape? DeadLetterConfig { get; init; }

    public JsonElement? EcsParameters { get; init; }

    public JsonElement? EventBridgeParameters { get; init; }

    public JsonElement? KinesisParameters { get; init; }

    public JsonElement? SageMakerPipelineParameters { get; init; }

    public static TargetShape From(ScheduleTarget target) => new()
    {
        Arn = target.Arn,
        RoleArn = target.RoleArn,
        Input = target.Input,
        SqsParameters = target.MessageGroupId is { } group ? new SqsParametersShape(group) : null,
        RetryPolicy = new RetryPolicyShape(
            target.AgeSecondsMax ?? Limits.ScheduleAgeSecondsMax, target.RetriesMax ?? Limits.ScheduleRetriesMax),
        DeadLetterConfig = target.DeadLetterArn is { } arn ? new DeadLetterShape(arn) : null,
    };
}

internal sealed record SqsParametersShape(string? MessageGroupId);

internal sealed record RetryPolicyShape(int? MaximumEventAgeInSeconds, int? MaximumRetryAttempts);

internal sealed record DeadLetterShape(string? Arn);

internal sealed record ScheduleArnShape(string ScheduleArn);

/// <summary>GetSchedule.</summary>
internal sealed record ScheduleShape
{
    public required string ActionAfterCompletion { get; init; }

    public required string Arn { get; init; }

    public required double CreationDate { get; init; }

    public string? Description { get; init; }

    public double? EndDate { get; init; }

    public required WindowShape FlexibleTimeWindow { get; init; }

    public required string GroupName { get; init; }

    public string? KmsKeyArn { get; init; }

    public required double LastModificationDate { get; init; }

    public required string Name { get; init; }

    public required string ScheduleExpression { get; init; }

    public required string ScheduleExpressionTimezone { get; init; }

    public double? StartDate { get; init; }

    public required string State { get; init; }

    public required TargetShape Target { get; init; }

    public static ScheduleShape From(Schedule schedule, string region)
    {
        var settings = schedule.Settings;
        return new ScheduleShape
        {
            ActionAfterCompletion = settings.DeletesWhenOver ? "DELETE" : "NONE",
            Arn = schedule.Id.Arn(region),
            CreationDate = Seconds(schedule.CreatedAt),
            Description = settings.Description,
            EndDate = settings.EndAt is { } end ? Seconds(end) : null,
            FlexibleTimeWindow = new WindowShape(
                settings.WindowMinutes is null ? "OFF" : "FLEXIBLE", settings.WindowMinutes),
            GroupName = schedule.Id.Group,
            KmsKeyArn = settings.KmsKeyArn,
            LastModificationDate = Seconds(schedule.ModifiedAt),
            Name = schedule.Id.Name,
            ScheduleExpression = settings.Expression,
            ScheduleExpressionTimezone = settings.Zone,
            StartDate = settings.StartAt is { } start ? Seconds(start) : null,
            State = StateOf(settings),
            Target = TargetShape.From(settings.Target),
        };
    }

    public static string StateOf(ScheduleSettings settings) => settings.IsEnabled ? "ENABLED" : "DISABLED";

    public static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1_000.0;
}

internal sealed record ScheduleListShape(IReadOnlyList<ScheduleSummaryShape> Schedules, string? NextToken);

internal sealed record ScheduleSummaryShape(
    string Arn,
    double CreationDate,
    string GroupName,
    double LastModificationDate,
    string Name,
    string State,
    TargetSummaryShape Target)
{
    public static ScheduleSummaryShape From(Schedule schedule, string region) => new(
        schedule.Id.Arn(region),
        ScheduleShape.Seconds(schedule.CreatedAt),
        schedule.Id.Group,
        ScheduleShape.Seconds(schedule.ModifiedAt),
        schedule.Id.Name,
        ScheduleShape.StateOf(schedule.Settings),
        new TargetSummaryShape(schedule.Settings.Target.Arn));
}

internal sealed record TargetSummaryShape(string Arn);

internal sealed record GroupRequestShape(string? ClientToken, IReadOnlyList<TagShape?>? Tags);

internal sealed record GroupArnShape(string ScheduleGroupArn);

internal sealed record GroupShape(
    string Arn, double? CreationDate, double? LastModificationDate, string Name, string State)
{
    /// <summary>The default group was never made, so it has no dates.</summary>
    public static GroupShape From(ScheduleGroup group, string region) => new(
        group.Id.Arn(region),
        group.Id.IsDefault ? null : ScheduleShape.Seconds(group.CreatedAt),
        group.Id.IsDefault ? null : ScheduleShape.Seconds(group.ModifiedAt),
        group.Id.Name,
        group.IsDeleting ? "DELETING" : "ACTIVE");
}

internal sealed record GroupListShape(IReadOnlyList<GroupShape> ScheduleGroups, string? NextToken);

internal sealed record TagShape(string? Key, string? Value);

internal sealed record TagsShape(IReadOnlyList<TagShape?>? Tags);
