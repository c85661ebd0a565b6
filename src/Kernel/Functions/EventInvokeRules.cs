using System.Globalization;

namespace Lambent.Kernel.Functions;

/// <summary>What every configuration of asynchronous calls must be, and what it belongs to.</summary>
public static class EventInvokeRules
{
    /// <summary>
    /// The key in <see cref="Function.EventInvokeConfigs"/>: $LATEST is the function without qualifier.
    /// </summary>
    public static string Key(string? qualifier) =>
        qualifier is null or FunctionVersion.LatestName ? Function.Unqualified : qualifier;

    /// <summary>The qualifier that a key stands for, as ARNs show it.</summary>
    public static string Qualifier(string key) => key.Length == 0 ? FunctionVersion.LatestName : key;

    /// <summary>Whether the function has such a version or alias; null and $LATEST always are.</summary>
    public static bool Exists(Function function, string? qualifier) =>
        Key(qualifier).Length == 0
        || function.Aliases.ContainsKey(qualifier!)
        || (long.TryParse(qualifier, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && function.Versions.TryGetValue(number, out var version)
            && version.Version == qualifier);

    /// <summary>The caller asked to set nothing at all.</summary>
    public static Error NothingSet => FunctionErrors.InvalidParameter(
        "You must specify at least one of error handling or destination setting.");

    public static Error UnknownFunction => new(ErrorCode.ResourceNotFound, "The function doesn't exist.");

    /// <param name="arn">The function's, without qualifier.</param>
    /// <param name="qualifier">What the caller named, or null.</param>
    public static Error NotFound(string arn, string? qualifier) => new(
        ErrorCode.ResourceNotFound,
        $"The function {arn}:{qualifier ?? FunctionVersion.LatestName} doesn't have an EventInvokeConfig");

    /// <summary>Adds what is malformed.</summary>
    public static void CheckForm(
        ConstraintViolations violations, int? retries, int? ageSeconds, string? onSuccess, string? onFailure)
    {
        violations.Range(retries, "maximumRetryAttempts", 0, Limits.EventRetriesDefault);
        violations.Range(
            ageSeconds,
            "maximumEventAgeInSeconds",
            Limits.EventAgeSecondsMin,
            (long)Limits.EventAgeMax.TotalSeconds);
        DestinationRules.CheckForm(violations, onSuccess, "destinationConfig.onSuccess.destination");
        DestinationRules.CheckForm(violations, onFailure, "destinationConfig.onFailure.destination");
    }
}
