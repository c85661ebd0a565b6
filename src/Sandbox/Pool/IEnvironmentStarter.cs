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
    Task<StartedEnvironment> StartAsync(EnvironmentSpecification specification, CancellationToken cancellation);
}
