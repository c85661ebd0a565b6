using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Pool;

/// <summary>What came of starting an environment: exactly one of the three is set, or it is NotWanted.</summary>
internal sealed record StartedEnvironment(
    ExecutionEnvironment? Environment, InvocationOutcome? Outcome = null, Error? Error = null)
{
    /// <summary>It was not begun, because nobody wanted it any more when its turn came.</summary>
    public static readonly StartedEnvironment NotWanted = new((ExecutionEnvironment?)null);
}

/// <summary>An environment that is to be started.</summary>
/// <param name="Specification">What to start.</param>
/// <param name="IsProvisioned">Whether the function is told that it was started to be there always.</param>
/// <param name="IsWanted">
/// Asked once, where the start had to wait for its turn, before anything is started. After a no the result is
/// <see cref="StartedEnvironment.NotWanted"/>.
/// </param>
internal readonly record struct StartRequest(
    EnvironmentSpecification Specification, bool IsProvisioned, Func<bool> IsWanted);

/// <summary>Starts environments; the pool decides when.</summary>
internal interface IEnvironmentStarter
{
    /// <summary>Never throws: every failure is an outcome or an error.</summary>
    Task<StartedEnvironment> StartAsync(StartRequest request, CancellationToken cancellation);
}
