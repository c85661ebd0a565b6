using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Pool;

/// <summary>What came of starting an environment: exactly one of the three is set.</summary>
internal sealed record StartedEnvironment(
    ExecutionEnvironment? Environment, InvocationOutcome? Outcome = null, Error? Error = null);

/// <summary>Starts environments; the pool decides when.</summary>
internal interface IEnvironmentStarter
{
    /// <summary>Never throws: every failure is an outcome or an error.</summary>
    /// <param name="specification">What to start.</param>
    /// <param name="provisioned">Whether the function is told that it was started to be there always.</param>
    /// <param name="cancellation">The node stops.</param>
    Task<StartedEnvironment> StartAsync(
        EnvironmentSpecification specification, bool provisioned, CancellationToken cancellation);
}
