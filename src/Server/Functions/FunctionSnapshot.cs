using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;

namespace Lambent.Server.Functions;

/// <summary>
/// One function as the hot path reads it: the aggregate, and the resolved specification of each version that was
/// called. Specifications are compared by reference, so each version has exactly one per snapshot; a change that does
/// not touch a version's configuration keeps its specification, and with it the warm environments.
/// </summary>
public sealed class FunctionSnapshot
{
    private readonly FunctionArns arns;

    /// <summary>Made at the first call: of many functions most are not called.</summary>
    private ConcurrentDictionary<string, EnvironmentSpecification>? specifications;

    /// <summary>The same at the first asynchronous call.</summary>
    private ConcurrentDictionary<string, DeliverySettings>? deliveries;
    private string? arn;

    public FunctionSnapshot(Function function, FunctionArns arns, FunctionSnapshot? previous = null)
    {
        Function = function;
        this.arns = arns;
        AcceptsWebSockets = function.Tags.GetValueOrDefault(FunctionTags.WebSocket) == "true";
        StreamsRequests = function.Tags.GetValueOrDefault(FunctionTags.RequestStream) == "true";
        SyncDestination = function.Tags.TryGetValue(FunctionTags.SyncDestination, out var destination)
            && DeliveryTarget.Parse(destination, arns.Region, FunctionTags.SyncDestination)
                .Failed(out var target, out _) == false
            ? target
            : null;
        ProvisionedConcurrency = ProvisionedRules.Total(function);
        if (previous?.specifications is not { } known)
        {
            return;
        }

        foreach (var (version, specification) in known)
        {
            if (CallableOf(version) is { } current
                && SameEnvironment(specification, current)
                && specification.Concurrency == EnvironmentConcurrency(function)
                && specification.Isolation == function.Tags.GetValueOrDefault(FunctionTags.Isolation)
                && specification.LimitsProcessor == LimitsProcessor(function)
                && specification.KeepsCalls == KeepsCalls(function))
            {
                Specifications[version] = specification;
            }
        }
    }

    public Function Function { get; }

    /// <summary>The unqualified ARN.</summary>
    public string Arn => arn ??= arns.Function(Function.Id);

    /// <summary>Whether the function's URLs take WebSocket connections.</summary>
    public bool AcceptsWebSockets { get; }

    /// <summary>Whether the function's URLs stream the request's body to the handler.</summary>
    public bool StreamsRequests { get; }

    /// <summary>What gets the result of each synchronous call, or null; whether it is there is not known.</summary>
    public DeliveryTarget? SyncDestination { get; }

    /// <summary>How asynchronous calls with exactly this qualifier are made, or null when that was never set.</summary>
    /// <param name="qualifier">A version number or an alias; null and $LATEST are the same.</param>
    public EventInvokeConfig? EventConfigOf(string? qualifier) =>
        Function.EventInvokeConfigs.GetValueOrDefault(EventInvokeRules.Key(qualifier));

    /// <summary>What holds for events for this qualifier.</summary>
    public DeliverySettings DeliveryOf(string? qualifier) =>
        LazyInitializer.EnsureInitialized(ref deliveries, static () => new(StringComparer.Ordinal))
            .GetOrAdd(qualifier ?? "", static (key, self) => self.ResolveDelivery(key), this);

    /// <summary>Calls at a time that are provisioned for all versions together, at the most.</summary>
    public int ProvisionedConcurrency { get; }

    /// <summary>The version with this exact name ($LATEST or a number) as it is configured, or null.</summary>
    public FunctionVersion? VersionOf(string version) =>
        version == FunctionVersion.LatestName ? Function.Latest
        : long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Function.Versions.TryGetValue(number, out var published)
            && published.Version == version ? published
        : null;

    /// <summary>What calls of the version use: for $LATEST, what last worked of it.</summary>
    public FunctionVersion? CallableOf(string version) =>
        version == FunctionVersion.LatestName ? Function.Callable : VersionOf(version);

    /// <summary>
    /// The specification a call with this qualifier uses; an alias with two versions picks by
    /// <paramref name="chance"/>, a number in [0, 1). Null when nothing has that name.
    /// </summary>
    public EnvironmentSpecification? Route(string? qualifier, double chance)
    {
        var version = qualifier is null or "" ? FunctionVersion.LatestName : qualifier;
        if (Function.Aliases.TryGetValue(version, out var alias))
        {
            version = alias.AdditionalVersion is { } second && chance < alias.AdditionalVersionWeight
                ? second
                : alias.FunctionVersion;
        }

        return Specification(version);
    }

    /// <summary>What environments of $LATEST can be started as before it is known whose they will be.</summary>
    public GenericKind LatestKind => new(
        Runtimes.All[Function.Latest.Runtime],
        Function.Latest.MemoryMegabytes,
        Function.Latest.EphemeralStorageMegabytes,
        Function.Tags.GetValueOrDefault(FunctionTags.Isolation));

    /// <summary>Whether calls through this snapshot may still use environments of the specification.</summary>
    public bool Uses(EnvironmentSpecification specification) =>
        specifications is { } known
        && known.TryGetValue(specification.Version, out var current)
        && current == specification;

    private ConcurrentDictionary<string, EnvironmentSpecification> Specifications =>
        LazyInitializer.EnsureInitialized(ref specifications, static () => new(StringComparer.Ordinal));

    private EnvironmentSpecification? Specification(string version)
    {
        if (specifications is { } resolved && resolved.TryGetValue(version, out var specification))
        {
            return specification;
        }

        return CallableOf(version) is { } known ? Specifications.GetOrAdd(version, Resolve(known)) : null;
    }

    private EnvironmentSpecification Resolve(FunctionVersion version) => new()
    {
        Function = Function.Id,
        Version = version.Version,
        Arn = version.Version == FunctionVersion.LatestName ? Arn : arns.Function(Function.Id, version.Version),
        Runtime = Runtimes.All[version.Runtime],
        Handler = version.Handler,
        Code = version.Code,
        Layers = [.. version.Layers.Select(layer => layer.Content)],
        Variables = version.Variables ?? ImmutableSortedDictionary<string, string>.Empty,
        MemoryMegabytes = version.MemoryMegabytes,
        EphemeralStorageMegabytes = version.EphemeralStorageMegabytes,
        Timeout = TimeSpan.FromSeconds(version.TimeoutSeconds),
        Concurrency = EnvironmentConcurrency(Function),
        Isolation = Function.Tags.GetValueOrDefault(FunctionTags.Isolation),
        LimitsProcessor = LimitsProcessor(Function),
        LogGroup = LogGroup(version),
        RevisionId = version.RevisionId,
        ReleasedAt = version.LastModifiedAt,
        KeepsCalls = KeepsCalls(Function),
    };

    private DeliverySettings ResolveDelivery(string qualifier)
    {
        var version = Function.Aliases.TryGetValue(qualifier, out var alias) ? alias.FunctionVersion
            : qualifier.Length == 0 ? FunctionVersion.LatestName
            : qualifier;
        var config = EventConfigOf(qualifier.Length == 0 ? null : qualifier);
        return new DeliverySettings
        {
            RetriesMax = config?.MaximumRetryAttempts ?? Limits.EventRetriesDefault,
            AgeMax = config?.MaximumEventAgeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Limits.EventAgeMax,
            OnSuccess = Target(config?.OnSuccess),
            OnFailure = Target(config?.OnFailure),
            DeadLetterTarget = Target(CallableOf(version)?.DeadLetterTarget),
        };

        DeliveryTarget? Target(string? arn) =>
            arn is null || DeliveryTarget.Parse(arn, arns.Region, "").Failed(out var target, out _) ? null : target;
    }

    /// <summary>Whether an environment built from the specification is still right for this configuration.</summary>
    private bool SameEnvironment(EnvironmentSpecification built, FunctionVersion version) =>
        built.Runtime.Name == version.Runtime
        && built.Handler == version.Handler
        && built.Code == version.Code
        && built.Layers.SequenceEqual(version.Layers.Select(layer => layer.Content))
        && built.Variables.SequenceEqual(version.Variables ?? ImmutableSortedDictionary<string, string>.Empty)
        && built.MemoryMegabytes == version.MemoryMegabytes
        && built.EphemeralStorageMegabytes == version.EphemeralStorageMegabytes
        && built.Timeout == TimeSpan.FromSeconds(version.TimeoutSeconds)
        && built.LogGroup == LogGroup(version);

    private string LogGroup(FunctionVersion version) => version.LogGroup ?? $"/aws/lambda/{Function.Id.Name}";

    private static bool? LimitsProcessor(Function function) =>
        function.Tags.GetValueOrDefault(FunctionTags.Processor) switch
        {
            "quota" => true,
            "share" => false,
            _ => null,
        };

    private static CallKeepingMode? KeepsCalls(Function function) =>
        CallKeeping.Parse(function.Tags.GetValueOrDefault(FunctionTags.StoredCalls));

    private static int EnvironmentConcurrency(Function function) =>
        function.Tags.TryGetValue(FunctionTags.EnvironmentConcurrency, out var text)
        && int.TryParse(text, out var concurrency)
            ? Math.Clamp(concurrency, 1, Limits.EnvironmentConcurrencyMax)
            : 1;
}
