using System.Collections.Immutable;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

/// <summary>
/// All that is known of one function: the aggregate that commands change. $LATEST is what the owner edits; published
/// versions never change; aliases point at versions.
/// </summary>
public sealed record Function
{
    /// <summary>The key, in maps by qualifier, of what belongs to no qualifier.</summary>
    public const string Unqualified = "";

    public required FunctionId Id { get; init; }

    /// <summary>$LATEST as its owner configured it; <see cref="Callable"/> is what calls use.</summary>
    public required FunctionVersion Latest { get; init; }

    /// <summary>
    /// $LATEST as it last worked, while a change of it is being activated or after one failed; null when
    /// <see cref="Latest"/> itself works, or never did.
    /// </summary>
    public FunctionVersion? LastWorking { get; init; }

    /// <summary>What calls of $LATEST use: a change takes effect when it is activated, a failed one never.</summary>
    public FunctionVersion Callable => LastWorking ?? Latest;

    /// <summary>Published versions by number.</summary>
    public ImmutableSortedDictionary<long, FunctionVersion> Versions { get; init; } =
        ImmutableSortedDictionary<long, FunctionVersion>.Empty;

    /// <summary>The number of the newest version ever published; numbers are never used again.</summary>
    public long LastPublishedVersion { get; init; }

    public ImmutableSortedDictionary<string, Alias> Aliases { get; init; } =
        ImmutableSortedDictionary.Create<string, Alias>(StringComparer.Ordinal);

    /// <summary>By qualifier: an alias, a version number, or <see cref="Unqualified"/>.</summary>
    public ImmutableSortedDictionary<string, ResourcePolicy> Policies { get; init; } =
        ImmutableSortedDictionary.Create<string, ResourcePolicy>(StringComparer.Ordinal);

    /// <summary>By qualifier: an alias, or <see cref="Unqualified"/>.</summary>
    public ImmutableSortedDictionary<string, FunctionUrl> Urls { get; init; } =
        ImmutableSortedDictionary.Create<string, FunctionUrl>(StringComparer.Ordinal);

    /// <summary>
    /// Calls in flight that only this function may have, and not more; 0 turns it off; null: no reservation.
    /// </summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>Environments that are kept started, by qualifier: a version number or an alias.</summary>
    public ImmutableSortedDictionary<string, ProvisionedConcurrency> Provisioned { get; init; } =
        ImmutableSortedDictionary.Create<string, ProvisionedConcurrency>(StringComparer.Ordinal);

    /// <summary>By qualifier: an alias, a version number, or <see cref="Unqualified"/>.</summary>
    public ImmutableSortedDictionary<string, EventInvokeConfig> EventInvokeConfigs { get; init; } =
        ImmutableSortedDictionary.Create<string, EventInvokeConfig>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>A name for a version, with an optional share of calls for a second one.</summary>
public sealed record Alias
{
    public required string Name { get; init; }

    /// <summary>A version number as text, or $LATEST.</summary>
    public required string FunctionVersion { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The second version, or null.</summary>
    public string? AdditionalVersion { get; init; }

    /// <summary>The share of calls, 0 to 1, that go to <see cref="AdditionalVersion"/>.</summary>
    public double AdditionalVersionWeight { get; init; }

    public required string RevisionId { get; init; }
}

/// <summary>An HTTP address of a function or of one of its aliases.</summary>
public sealed record FunctionUrl
{
    public required FunctionUrlAuth Auth { get; init; }

    public FunctionUrlInvokeMode InvokeMode { get; init; } = FunctionUrlInvokeMode.Buffered;

    public CrossOriginPolicy? CrossOrigin { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }
}

public enum FunctionUrlAuth
{
    None,
    AwsIam,
}

public enum FunctionUrlInvokeMode
{
    Buffered,
    ResponseStream,
}

/// <summary>CORS of a function URL. Empty lists are absent ones.</summary>
public sealed record CrossOriginPolicy
{
    public bool? AllowCredentials { get; init; }

    public ImmutableArray<string> AllowHeaders { get; init; } = [];

    public ImmutableArray<string> AllowMethods { get; init; } = [];

    public ImmutableArray<string> AllowOrigins { get; init; } = [];

    public ImmutableArray<string> ExposeHeaders { get; init; } = [];

    public int? MaxAgeSeconds { get; init; }
}
