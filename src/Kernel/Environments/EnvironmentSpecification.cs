using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;

namespace Lambent.Kernel.Environments;

/// <summary>
/// What an execution environment of one function version is made of. Built once when the function's snapshot is
/// built, compared by reference on the hot path: a changed function has another specification, and environments of
/// the old one finish their calls and stop.
/// </summary>
public sealed class EnvironmentSpecification
{
    public required FunctionId Function { get; init; }

    /// <summary>$LATEST or a number.</summary>
    public required string Version { get; init; }

    /// <summary>The function's ARN with the version as qualifier, or without one for $LATEST.</summary>
    public required string Arn { get; init; }

    public required RuntimeDefinition Runtime { get; init; }

    public required string Handler { get; init; }

    public required PackageReference Code { get; init; }

    public ImmutableArray<PackageReference> Layers { get; init; } = [];

    /// <summary>The owner's variables; the platform's own are added when an environment starts.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public required int MemoryMegabytes { get; init; }

    public required int EphemeralStorageMegabytes { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Calls at a time in one environment; 1 unless the owner allowed more.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The isolation driver the owner asked for, or null for the strongest that works here.</summary>
    public string? Isolation { get; init; }

    /// <summary>
    /// Whether processor time is held to the share that follows from the memory, as the owner chose; null: as the
    /// server was started.
    /// </summary>
    public bool? LimitsProcessor { get; init; }

    /// <summary>/aws/lambda/NAME unless configured.</summary>
    public required string LogGroup { get; init; }

    public required string RevisionId { get; init; }

    /// <summary>When this version was published; for $LATEST, when it was last changed.</summary>
    public DateTimeOffset ReleasedAt { get; init; }

    /// <summary>Which calls the owner wants kept; null: as the server was started.</summary>
    public CallKeepingMode? KeepsCalls { get; init; }
}
