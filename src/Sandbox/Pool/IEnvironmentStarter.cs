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

/// <summary>Starts environments; the pool decides when.</summary>
internal interface IEnvironmentStarter
{
    /// <summary>Never throws: every failure is an outcome or an error.</summary>
    /// <param name="specification">What to start.</param>
    /// <param name="isWanted">
    /// Asked once, where the start had to wait for its turn, before anything is started. After a no the result is
    /// <see cref="StartedEnvironment.NotWanted"/>.
    /// </param>
    /// <param name="cancellation">Ends the start.</param>
    Task<StartedEnvironment> StartAsync(
        EnvironmentSpecification specification, Func<bool> isWanted, CancellationToken cancellation);
}
