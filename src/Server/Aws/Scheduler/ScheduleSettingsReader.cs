using System.Text.Json;
using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>Reads the settings of a schedule from a request, and says of all members at once what is wrong.</summary>
internal static partial class ScheduleSettingsReader
{
    private const int ArnLengthMax = 1_600;
    private const int KmsKeyArnLengthMax = 2_048;
    private const string RolePattern = @"^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+$";
    private const string DeadLetterPattern = @"^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$";
    private const string KmsKeyPattern = @"^arn:aws(-[a-z]+)?:kms:[a-z0-9\-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$";

    /// <summary>The last second that a time here can say.</summary>
    private static readonly double SecondsMax = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static Result<(ScheduleId Id, ScheduleSettings Settings)> Read(
        SchedulerCall call, ScheduleRequestShape shape)
    {
        var violations = new ConstraintViolations();
        SchedulerCall.CheckName(violations, call.Resource, "name");
        SchedulerCall.CheckName(violations, shape.GroupName ?? ScheduleGroupId.DefaultName, "groupName");
        SchedulerCall.CheckToken(violations, shape.ClientToken);
        violations.Required(shape.ScheduleExpression, "scheduleExpression");
        violations.Length(shape.ScheduleExpression, "scheduleExpression", 1, ScheduleExpression.LengthMax);
        violations.Length(
            shape.ScheduleExpressionTimezone, "scheduleExpressionTimezone", 1, Limits.ScheduleZoneLengthMax);
        violations.Length(shape.Description, "description", 0, Limits.ScheduleDescriptionLengthMax);
        violations.OneOf(shape.State, "state", ["ENABLED", "DISABLED"]);
        violations.OneOf(shape.ActionAfterCompletion, "actionAfterCompletion", ["NONE", "DELETE"]);
        violations.Length(shape.KmsKeyArn, "kmsKeyArn", 1, KmsKeyArnLengthMax);
        violations.Pattern(shape.KmsKeyArn, "kmsKeyArn", KmsKey(), KmsKeyPattern);
        CheckDate(violations, shape.StartDate, "startDate");
        CheckDate(violations, shape.EndDate, "endDate");
        CheckWindow(violations, shape.FlexibleTimeWindow);
        CheckTarget(violations, shape.Target);
        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        if (CheckCombinations(shape) is { } refused)
        {
            return refused;
        }

        var id = new ScheduleId(
            call.Account, shape.GroupName ?? ScheduleGroupId.DefaultName, call.Resource);
        return (id, new ScheduleSettings
        {
            Expression = shape.ScheduleExpression!,
            Zone = shape.ScheduleExpressionTimezone ?? "UTC",
            StartAt = Time(shape.StartDate),
            EndAt = Time(shape.EndDate),
            WindowMinutes = shape.FlexibleTimeWindow!.Mode == "OFF"
                ? null
                : shape.FlexibleTimeWindow.MaximumWindowInMinutes,
            IsEnabled = shape.State != "DISABLED",
            Target = Target(shape.Target!),
            Description = shape.Description,
            KmsKeyArn = shape.KmsKeyArn,
            DeletesWhenOver = shape.ActionAfterCompletion == "DELETE",
        });
    }

    private static ScheduleTarget Target(TargetShape shape) => new()
    {
        Arn = shape.Arn!,
        RoleArn = shape.RoleArn!,
        Input = shape.Input,
        MessageGroupId = shape.SqsParameters?.MessageGroupId,
        DeadLetterArn = shape.DeadLetterConfig?.Arn,
        RetriesMax = shape.RetryPolicy?.MaximumRetryAttempts,
        AgeSecondsMax = shape.RetryPolicy?.MaximumEventAgeInSeconds,
    };

    private static void CheckWindow(ConstraintViolations violations, WindowShape? window)
    {
        violations.Required(window, "flexibleTimeWindow");
        if (window is not null)
        {
            violations.Required(window.Mode, "flexibleTimeWindow.mode");
            violations.OneOf(window.Mode, "flexibleTimeWindow.mode", ["OFF", "FLEXIBLE"]);
            violations.Range(
                window.MaximumWindowInMinutes,
                "flexibleTimeWindow.maximumWindowInMinutes",
                1,
                Limits.ScheduleWindowMinutesMax);
        }
    }

    private static void CheckTarget(ConstraintViolations violations, TargetShape? target)
    {
        violations.Required(target, "target");
        if (target is null)
        {
            return;
        }

        violations.Required(target.Arn, "target.arn");
        violations.Length(target.Arn, "target.arn", 1, ArnLengthMax);
        violations.Required(target.RoleArn, "target.roleArn");
        violations.Length(target.RoleArn, "target.roleArn", 1, ArnLengthMax);
        violations.Pattern(target.RoleArn, "target.roleArn", Role(), RolePattern);
        violations.Length(target.Input, "target.input", 1, int.MaxValue);
        violations.Length(
            target.SqsParameters?.MessageGroupId,
            "target.sqsParameters.messageGroupId",
            1,
            Limits.MessageGroupIdLengthMax);
        violations.Range(
            target.RetryPolicy?.MaximumRetryAttempts,
            "target.retryPolicy.maximumRetryAttempts",
            0,
            Limits.ScheduleRetriesMax);
        violations.Range(
            target.RetryPolicy?.MaximumEventAgeInSeconds,
            "target.retryPolicy.maximumEventAgeInSeconds",
            Limits.ScheduleAgeSecondsMin,
            Limits.ScheduleAgeSecondsMax);
        var deadLetter = target.DeadLetterConfig?.Arn;
        violations.Length(deadLetter, "target.deadLetterConfig.arn", 1, ArnLengthMax);
        violations.Pattern(deadLetter, "target.deadLetterConfig.arn", DeadLetter(), DeadLetterPattern);
    }

    /// <summary>What is right by itself and not together, or of a kind that is not here.</summary>
    private static Error? CheckCombinations(ScheduleRequestShape shape)
    {
        var target = shape.Target!;
        (string Name, JsonElement? Value)[] others =
        [
            ("EcsParameters", target.EcsParameters),
            ("EventBridgeParameters", target.EventBridgeParameters),
            ("KinesisParameters", target.KinesisParameters),
            ("SageMakerPipelineParameters", target.SageMakerPipelineParameters),
        ];
        if (Array.Find(others, other => other.Value is { ValueKind: not JsonValueKind.Null }).Name is { } name)
        {
            return ScheduleErrors.Invalid(
                $"{name} is for a kind of target that does not exist here: schedules call functions and send to "
                + "queues.",
                $"Target.{name}");
        }

        var window = shape.FlexibleTimeWindow!;
        return (window.Mode, window.MaximumWindowInMinutes) switch
        {
            ("FLEXIBLE", null) => ScheduleErrors.Invalid(
                "MaximumWindowInMinutes is required when the mode of FlexibleTimeWindow is FLEXIBLE.",
                "FlexibleTimeWindow.MaximumWindowInMinutes"),
            ("OFF", not null) => ScheduleErrors.Invalid(
                "MaximumWindowInMinutes must not be given when the mode of FlexibleTimeWindow is OFF.",
                "FlexibleTimeWindow.MaximumWindowInMinutes"),
            _ => null,
        };
    }

    private static void CheckDate(ConstraintViolations violations, double? seconds, string field)
    {
        if (seconds is < 0 || seconds > SecondsMax)
        {
            violations.Add($"{seconds}", field, $"Member must be a time between 0 and {SecondsMax:0}");
        }
    }

    private static DateTimeOffset? Time(double? seconds) =>
        seconds is { } given ? DateTimeOffset.FromUnixTimeMilliseconds((long)(given * 1_000)) : null;

    [GeneratedRegex(@"^arn:aws(-[a-z]+)?:iam::[0-9]{12}:role\/[\w+=,.@\/-]+\z")]
    private static partial Regex Role();

    [GeneratedRegex(@"^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:[0-9]{12}:[a-zA-Z0-9\-_]+\z")]
    private static partial Regex DeadLetter();

    [GeneratedRegex(@"^arn:aws(-[a-z]+)?:kms:[a-z0-9\-]+:[0-9]{12}:(key|alias)\/[0-9a-zA-Z-_]*\z")]
    private static partial Regex KmsKey();
}
