using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// The conversation with one environment, whatever the protocol. Calls may be in flight up to the specification's
/// concurrency. When the conversation is in doubt the channel breaks: every call in flight ends with an outcome, and
/// the environment is killed.
/// </summary>
public interface IEnvironmentChannel : IAsyncDisposable
{
    /// <summary>
    /// Hands over handler and variables and waits until the code is loaded. Returns null when it is, otherwise the
    /// outcome (InitializationError, TimedOut, Exited, OutOfMemory) with the error object to show.
    /// </summary>
    Task<InvocationOutcome?> InitializeAsync(
        EnvironmentSpecification specification, IReadOnlyDictionary<string, string> variables, TimeSpan limit);

    /// <summary>Makes one call. Never throws for what the function does; every end is an outcome.</summary>
    ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, TimeSpan timeout);

    /// <summary>
    /// Ends the calls whose time is over. True when there were any: the environment must take no new ones.
    /// </summary>
    /// <param name="nowTimestamp">Now.</param>
    /// <param name="beforeEnding">
    /// Called before the first of them ends: whoever hears of an end may call again at once.
    /// </param>
    bool SweepDeadlines(long nowTimestamp, Action? beforeEnding = null);

    /// <summary>Completes when the environment can take no more calls.</summary>
    Task Closed { get; }
}
