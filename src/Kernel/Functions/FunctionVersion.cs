using System.Collections.Immutable;
using Lambent.Kernel.Packages;

namespace Lambent.Kernel.Functions;

/// <summary>A configuration and its code: $LATEST, or a published version.</summary>
public sealed record FunctionVersion
{
    public const string LatestName = "$LATEST";

    /// <summary>$LATEST or a number.</summary>
    public required string Version { get; init; }

    /// <summary>A runtime's identifier, such as nodejs20.x; see <see cref="Runtimes"/>.</summary>
    public required string Runtime { get; init; }

    public required string Handler { get; init; }

    /// <summary>The role's ARN; recorded and shown, permissions do not come from it.</summary>
    public required string Role { get; init; }

    public required PackageReference Code { get; init; }

    public string Description { get; init; } = "";

    public int TimeoutSeconds { get; init; } = Limits.TimeoutSecondsDefault;

    public int MemoryMegabytes { get; init; } = Limits.MemoryMegabytesDefault;

    public int EphemeralStorageMegabytes { get; init; } = Limits.EphemeralStorageMegabytesDefault;

    public string Architecture { get; init; } = "x86_64";

    /// <summary>Variables for the function's process, or null when none were ever set.</summary>
    public ImmutableSortedDictionary<string, string>? Variables { get; init; }

    public ImmutableArray<LayerReference> Layers { get; init; } = [];

    /// <summary>PassThrough or Active.</summary>
    public string TracingMode { get; init; } = "PassThrough";

    /// <summary>Text or JSON.</summary>
    public string LogFormat { get; init; } = "Text";

    /// <summary>Only with <see cref="LogFormat"/> JSON.</summary>
    public string? ApplicationLogLevel { get; init; }

    public string? SystemLogLevel { get; init; }

    /// <summary>Null: /aws/lambda/NAME.</summary>
    public string? LogGroup { get; init; }

    /// <summary>None or PublishedVersions; recorded, and without effect.</summary>
    public string SnapStartApplyOn { get; init; } = "None";

    /// <summary>The ARN of a queue, or null.</summary>
    public string? DeadLetterTarget { get; init; }

    public FunctionState State { get; init; } = FunctionState.Pending;

    public string? StateReason { get; init; }

    public string? StateReasonCode { get; init; }

    public UpdateStatus LastUpdateStatus { get; init; } = UpdateStatus.InProgress;

    public string? LastUpdateStatusReason { get; init; }

    public string? LastUpdateStatusReasonCode { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }

    /// <summary>
    /// Changes with every change of the configuration, code or state; a guard for concurrent editors.
    /// </summary>
    public required string RevisionId { get; init; }
}

public enum FunctionState
{
    Pending,
    Active,
    Inactive,
    Failed,
}

public enum UpdateStatus
{
    Successful,
    InProgress,
    Failed,
}
