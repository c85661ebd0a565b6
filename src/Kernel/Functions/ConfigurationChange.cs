using System.Collections.Immutable;

namespace Lambent.Kernel.Functions;

/// <summary>
/// What a caller wants a function's configuration to be. Null leaves a value as it is, or at its default for a new
/// function. Checked by <see cref="ConfigurationRules"/> before it is used.
/// </summary>
public sealed record ConfigurationChange
{
    public string? Runtime { get; init; }

    public string? Handler { get; init; }

    public string? Role { get; init; }

    public string? Description { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? MemoryMegabytes { get; init; }

    public int? EphemeralStorageMegabytes { get; init; }

    /// <summary>Replaces all variables.</summary>
    public ImmutableSortedDictionary<string, string>? Variables { get; init; }

    /// <summary>Replaces all layers; already resolved.</summary>
    public ImmutableArray<LayerReference>? Layers { get; init; }

    public string? TracingMode { get; init; }

    public string? LogFormat { get; init; }

    public string? ApplicationLogLevel { get; init; }

    public string? SystemLogLevel { get; init; }

    public string? LogGroup { get; init; }

    public string? SnapStartApplyOn { get; init; }

    /// <summary>The ARN of a queue; the empty string removes it.</summary>
    public string? DeadLetterTarget { get; init; }

    /// <summary>The configuration after the change; names, times and states are the command's to set.</summary>
    public FunctionVersion ApplyTo(FunctionVersion version)
    {
        var format = LogFormat ?? version.LogFormat;
        var isJson = format == LogFormats.Json;
        return version with
        {
            Runtime = Runtime ?? version.Runtime,
            Handler = Handler ?? version.Handler,
            Role = Role ?? version.Role,
            Description = Description ?? version.Description,
            TimeoutSeconds = TimeoutSeconds ?? version.TimeoutSeconds,
            MemoryMegabytes = MemoryMegabytes ?? version.MemoryMegabytes,
            EphemeralStorageMegabytes = EphemeralStorageMegabytes ?? version.EphemeralStorageMegabytes,
            Variables = Variables ?? version.Variables,
            Layers = Layers ?? version.Layers,
            TracingMode = TracingMode ?? version.TracingMode,
            LogFormat = format,
            ApplicationLogLevel = isJson
                ? ApplicationLogLevel ?? version.ApplicationLogLevel ?? LogFormats.LevelDefault
                : null,
            SystemLogLevel = isJson ? SystemLogLevel ?? version.SystemLogLevel ?? LogFormats.LevelDefault : null,
            LogGroup = LogGroup ?? version.LogGroup,
            SnapStartApplyOn = SnapStartApplyOn ?? version.SnapStartApplyOn,
            DeadLetterTarget = DeadLetterTarget is null ? version.DeadLetterTarget
                : DeadLetterTarget.Length == 0 ? null
                : DeadLetterTarget,
        };
    }
}

/// <summary>How a function's log lines are written.</summary>
public static class LogFormats
{
    public const string Text = "Text";

    public const string Json = "JSON";

    /// <summary>The level of application and system lines unless configured; only the JSON format has levels.</summary>
    public const string LevelDefault = "INFO";
}
