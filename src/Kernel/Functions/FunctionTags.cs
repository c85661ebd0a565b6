using System.Collections.Immutable;
using System.Globalization;
using Lambent.Kernel.Events;
using Lambent.Kernel.Invocations;

namespace Lambent.Kernel.Functions;

/// <summary>Tags that set what AWS has no field for, and the rules for all tags, for commands that set any.</summary>
public static class FunctionTags
{
    public const string Prefix = "lambent:";

    /// <summary>Calls at a time in one environment, 1 to 1,000; default 1.</summary>
    public const string EnvironmentConcurrency = "lambent:environment-concurrency";

    /// <summary>namespace, process, runc or runsc; default: the strongest that works.</summary>
    public const string Isolation = "lambent:isolation";

    /// <summary>true or false: whether the function's URLs take WebSocket connections; default false.</summary>
    public const string WebSocket = "lambent:websocket";

    /// <summary>
    /// true or false: whether the function's URLs stream the request's body to the handler instead of putting it into
    /// the event; default false.
    /// </summary>
    public const string RequestStream = "lambent:request-stream";

    /// <summary>
    /// quota or share: whether processor time is held to the share that follows from the memory even while processors
    /// are idle, or counts only while they are not; default: as the server was started.
    /// </summary>
    public const string Processor = "lambent:cpu";

    /// <summary>
    /// The ARN of the function or queue that gets the result of each synchronous call; default: none.
    /// </summary>
    public const string SyncDestination = "lambent:sync-destination";

    /// <summary>
    /// all, sampled, failed or none: which calls are kept with their events and answers; default: as the server was
    /// started.
    /// </summary>
    public const string StoredCalls = "lambent:stored-calls";

    private const string ReservedPrefix = "aws:";

    private static readonly ImmutableArray<string> IsolationValues = ["namespace", "process", "runc", "runsc"];

    /// <summary>
    /// What is wrong with tags that someone wants to set, or null. Tags with our prefix are settings: an unknown one
    /// is refused, because a misspelt setting would be silently without effect.
    /// </summary>
    public static Error? Validate(IReadOnlyDictionary<string, string?> tags)
    {
        if (tags.Count > Limits.TagsMax)
        {
            return TooMany();
        }

        foreach (var (key, value) in tags)
        {
            if (Wrong(key, value) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The tags after <paramref name="added"/> was set: valid, and not too many together.</summary>
    public static Result<ImmutableSortedDictionary<string, string>> Merge(
        ImmutableSortedDictionary<string, string> current, IReadOnlyDictionary<string, string?> added)
    {
        if (Validate(added) is { } error)
        {
            return error;
        }

        var merged = current.SetItems(added.Select(tag => KeyValuePair.Create(tag.Key, tag.Value!)));
        return merged.Count > Limits.TagsMax ? TooMany() : merged;
    }

    private static Error? Wrong(string key, string? value)
    {
        if (key.Length is 0 or > Limits.TagKeyLengthMax)
        {
            return Invalid($"The tag key '{Shown(key)}' must have 1 to {Limits.TagKeyLengthMax} characters.");
        }

        if (value is null)
        {
            return Invalid($"The value of the tag '{key}' must not be null.");
        }

        if (value.Length > Limits.TagValueLengthMax)
        {
            return Invalid($"The value of the tag '{key}' must have at most {Limits.TagValueLengthMax} characters.");
        }

        if (key.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Invalid($"The tag key '{key}' is not allowed: the prefix {ReservedPrefix} is reserved.");
        }

        return key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? WrongSetting(key, value) : null;
    }

    private static Error? WrongSetting(string key, string value) => key switch
    {
        EnvironmentConcurrency => IsConcurrency(value)
            ? null
            : Invalid($"The tag {key} must be a whole number from 1 to {Limits.EnvironmentConcurrencyMax}, "
                + $"not '{value}'."),
        Isolation => IsolationValues.Contains(value)
            ? null
            : Invalid($"The tag {key} must be one of {string.Join(", ", IsolationValues)}, not '{value}'."),
        WebSocket or RequestStream => value is "true" or "false"
            ? null
            : Invalid($"The tag {key} must be true or false, not '{value}'."),
        Processor => value is "quota" or "share"
            ? null
            : Invalid($"The tag {key} must be quota or share, not '{value}'."),
        StoredCalls => CallKeeping.Parse(value) is not null
            ? null
            : Invalid($"The tag {key} must be all, sampled, failed or none, not '{value}'."),
        SyncDestination => IsTarget(value)
            ? null
            : Invalid($"The tag {key} must be the ARN of a function or a queue, not '{value}'."),
        _ => Invalid($"The tag {key} is unknown. Tags that start with {Prefix} are settings: "
            + $"{EnvironmentConcurrency}, {Isolation}, {Processor}, {WebSocket}, {RequestStream}, "
            + $"{StoredCalls} and {SyncDestination}."),
    };

    /// <summary>By its form alone, in whichever region: tags are checked without the rest of the system.</summary>
    private static bool IsTarget(string value) =>
        value.Split(':') is { Length: > 3 } parts && DeliveryTarget.Parse(value, parts[3], "Tags").IsSuccess;

    private static bool IsConcurrency(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var concurrency)
        && concurrency is >= 1 and <= Limits.EnvironmentConcurrencyMax;

    private static string Shown(string key) => key.Length > Limits.TagKeyLengthMax
        ? string.Concat(key.AsSpan(0, Limits.TagKeyLengthMax), "…")
        : key;

    private static Error Invalid(string message) => new(ErrorCode.InvalidParameter, message, "Tags");

    private static Error TooMany() => Invalid("Number of tags exceeds resource tag limit.");
}
