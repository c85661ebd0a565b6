using Lambent.Kernel;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Pool;

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
        EnvironmentUse use = EnvironmentUse.OnDemand)
    {
        Use = use;
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

    public EnvironmentUse Use { get; }

    public InvocationOutcome? StartOutcome { get; }

    public Error? Error { get; }

    public static EnvironmentLease Of(
        ExecutionEnvironment environment, bool cold, EnvironmentUse use = EnvironmentUse.OnDemand) =>
        new(environment, cold, null, null, use);

    public static EnvironmentLease Failed(InvocationOutcome outcome) => new(null, cold: true, outcome, null);

    public static EnvironmentLease Refused(Error error) => new(null, cold: true, null, error);
}
