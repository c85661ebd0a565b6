using Lambent.Kernel.Environments;

namespace Lambent.Kernel.Invocations;

/// <summary>Which calls are kept with their events and answers.</summary>
public enum CallKeepingMode
{
    None,

    /// <summary>Those that failed.</summary>
    Failed,

    /// <summary>Those that failed, the slowest, and of the others as many as fit, evenly.</summary>
    Sampled,

    All,
}

/// <summary>What is kept of calls.</summary>
public sealed record CallKeeping
{
    public CallKeepingMode Mode { get; init; } = CallKeepingMode.Sampled;

    /// <summary>Sampled: successes of one function kept in a second, besides the slowest.</summary>
    public int SamplesPerSecond { get; init; } = 100;

    /// <summary>Of an event or an answer; one that is larger is known by its size.</summary>
    public int PayloadBytesMax { get; init; } = Limits.StoredPayloadBytes;

    /// <summary>How long they are kept.</summary>
    public TimeSpan Retention { get; init; } = Limits.StoredCallRetention;

    /// <summary>What they take on disk together; above it the oldest go.</summary>
    public long BytesMax { get; init; } = Limits.StoredCallBytesMax;

    /// <summary>What is null is the default.</summary>
    public static CallKeeping From(string? mode, int? payloadKilobytes, int? days, int? megabytes)
    {
        var standard = new CallKeeping();
        return new CallKeeping
        {
            Mode = Parse(mode) ?? standard.Mode,
            PayloadBytesMax = payloadKilobytes * Limits.KiB ?? standard.PayloadBytesMax,
            Retention = days is { } count ? TimeSpan.FromDays(count) : standard.Retention,
            BytesMax = megabytes * (long)Limits.MiB ?? standard.BytesMax,
        };
    }

    /// <summary>none, failed, sampled, all; null for another word.</summary>
    public static CallKeepingMode? Parse(string? word) => word switch
    {
        "none" => CallKeepingMode.None,
        "failed" => CallKeepingMode.Failed,
        "sampled" => CallKeepingMode.Sampled,
        "all" => CallKeepingMode.All,
        _ => null,
    };
}

/// <summary>Decides at the end of each call whether it is copied for the telemetry. Never blocks.</summary>
public interface ICallKeeper
{
    /// <returns>Null for most calls.</returns>
    CallCopy? Take(
        EnvironmentSpecification specification,
        Invocation invocation,
        InvocationOutcome outcome,
        DateTimeOffset startedAt);
}
