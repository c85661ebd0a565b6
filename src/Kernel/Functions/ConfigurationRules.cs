using System.Text.RegularExpressions;

namespace Lambent.Kernel.Functions;

/// <summary>
/// The rules for a function's configuration. <see cref="CheckForm"/> tells everything that is malformed at once, as
/// AWS does; <see cref="CheckMeaning"/> then looks at what the values mean and stops at the first mistake, and the
/// commands apply <see cref="CheckTogether"/>, which needs the state.
/// </summary>
public static partial class ConfigurationRules
{
    private const string RolePatternText = @"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+";
    private const string ArnPatternText = @"(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()";
    private const string LogGroupPatternText = @"[\.\-_/#A-Za-z0-9]+";

    public static IReadOnlyList<string> Architectures { get; } = ["x86_64", "arm64"];

    /// <summary>Adds what is malformed.</summary>
    /// <param name="timeoutSecondsMax">The operator's bound, at most 900.</param>
    public static void CheckForm(ConstraintViolations violations, ConfigurationChange change, int timeoutSecondsMax)
    {
        violations.Pattern(change.Role, "role", RolePattern(), RolePatternText);
        violations.Length(change.Handler, "handler", 0, Limits.HandlerLengthMax);
        violations.Pattern(change.Handler, "handler", HandlerPattern(), @"[^\s]+");
        violations.Length(change.Description, "description", 0, Limits.DescriptionLengthMax);
        violations.Range(change.TimeoutSeconds, "timeout", Limits.TimeoutSecondsMin, timeoutSecondsMax);
        violations.Range(
            change.MemoryMegabytes, "memorySize", Limits.MemoryMegabytesMin, Limits.MemoryMegabytesMax);
        violations.Range(
            change.EphemeralStorageMegabytes,
            "ephemeralStorage.size",
            Limits.EphemeralStorageMegabytesMin,
            Limits.EphemeralStorageMegabytesMax);
        violations.OneOf(change.TracingMode, "tracingConfig.mode", ["Active", "PassThrough"]);
        violations.OneOf(change.SnapStartApplyOn, "snapStart.applyOn", ["PublishedVersions", "None"]);
        violations.OneOf(change.LogFormat, "loggingConfig.logFormat", [LogFormats.Json, LogFormats.Text]);
        violations.OneOf(
            change.ApplicationLogLevel,
            "loggingConfig.applicationLogLevel",
            ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]);
        violations.OneOf(change.SystemLogLevel, "loggingConfig.systemLogLevel", ["DEBUG", "INFO", "WARN"]);
        violations.Length(change.LogGroup, "loggingConfig.logGroup", 1, 512);
        violations.Pattern(change.LogGroup, "loggingConfig.logGroup", LogGroupPattern(), LogGroupPatternText);
        violations.Pattern(
            change.DeadLetterTarget, "deadLetterConfig.targetArn", ArnPattern(), ArnPatternText);
    }

    /// <summary>What is well-formed but cannot be used here; null when all is right.</summary>
    /// <param name="checkRuntime">Says whether a known runtime works on this machine.</param>
    public static Error? CheckMeaning(ConfigurationChange change, Func<RuntimeDefinition, Error?> checkRuntime)
    {
        if (change.Runtime is { } runtime && RuntimeRules.Check(runtime, checkRuntime) is { } unusable)
        {
            return unusable;
        }

        if (change.Variables is { } variables && VariableRules.Check(variables) is { } refused)
        {
            return refused;
        }

        return change.DeadLetterTarget is { Length: > 0 } target && !QueueArnPattern().IsMatch(target)
            ? FunctionErrors.InvalidParameter(
                "The dead-letter target is not supported: it must be the ARN of an SQS queue.",
                "DeadLetterConfig.TargetArn")
            : null;
    }

    /// <summary>What does not go together with the rest of the configuration; null when all is right.</summary>
    /// <param name="current">The configuration before the change, or null for a new function.</param>
    public static Error? CheckTogether(ConfigurationChange change, FunctionVersion? current)
    {
        var format = change.LogFormat ?? current?.LogFormat ?? LogFormats.Text;
        return format == LogFormats.Text && (change.ApplicationLogLevel ?? change.SystemLogLevel) is not null
            ? FunctionErrors.InvalidParameter(
                "ApplicationLogLevel and SystemLogLevel can be set only when LogFormat is JSON.", "LoggingConfig")
            : null;
    }

    [GeneratedRegex(@"^arn:(aws[a-zA-Z-]*)?:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+\z")]
    private static partial Regex RolePattern();

    [GeneratedRegex(@"^[^\s]+\z")]
    private static partial Regex HandlerPattern();

    [GeneratedRegex(@"^((arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|())\z")]
    private static partial Regex ArnPattern();

    [GeneratedRegex(@"^arn:(aws[a-zA-Z-]*)?:sqs:[a-z0-9-]+:[0-9]{12}:[a-zA-Z0-9-_]{1,80}(\.fifo)?\z")]
    private static partial Regex QueueArnPattern();

    [GeneratedRegex(@"^[\.\-_/#A-Za-z0-9]+\z")]
    private static partial Regex LogGroupPattern();
}
