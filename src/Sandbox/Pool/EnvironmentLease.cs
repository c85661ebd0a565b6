using Lambent.Kernel;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Pool;

/// <summary>Where an environment came from.</summary>
public enum LeaseKind
{
    /// <summary>The version has no provisioned environments.</summary>
    OnDemand,

    /// <summary>One of the version's provisioned environments.</summary>
    Provisioned,

    /// <summary>All provisioned environments were busy, or not ready: one more was used.</summary>
    SpillOver,
}

/// <summary>
/// The right to make one call in an environment, or why there is none: an outcome (the function's code failed to
/// start) or an error (the platform has no room).
/// </summary>
public readonly struct EnvironmentLease
{
    private EnvironmentLease(
        ExecutionEnvironment? environment,
        bool cold,
        InvocationOutcome? startOutcome,
        Error? error,
        LeaseKind kind = LeaseKind.OnDemand)
    {
        Kind = kind;
        Environment = environment;
        IsCold = cold;
        StartOutcome = startOutcome;
        Error = error;
    }

    public ExecutionEnvironment? Environment { get; }

    /// <summary>
    /// Whether this is the first call of the environment, and it was not started ahead of it.
    /// </summary>
    public bool IsCold { get; }

    public LeaseKind Kind { get; }

    public InvocationOutcome? StartOutcome { get; }

    public Error? Error { get; }

    public static EnvironmentLease Of(
        ExecutionEnvironment environment, bool cold, LeaseKind kind = LeaseKind.OnDemand) =>
        new(environment, cold, null, null, kind);

    public static EnvironmentLease Failed(InvocationOutcome outcome) => new(null, cold: true, outcome, null);

    public static EnvironmentLease Refused(Error error) => new(null, cold: true, null, error);
}
