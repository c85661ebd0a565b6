using Lambent.Kernel.Functions;

namespace Lambent.Server.Scaling;

/// <summary>
/// For whoever takes work from a queue and calls a function with it: how many calls it should have in flight now.
/// </summary>
/// <remarks>
/// Ask when work arrives at an idle source, and about once a second while there is work or calls are in flight; more
/// often does no harm, a source that is not asked costs nothing. Safe for several threads at once.
/// </remarks>
internal interface IConcurrencyTargets
{
    /// <summary>
    /// Calls that the source should have in flight now: begin new ones while fewer are. Never negative, and never more
    /// than <see cref="SourceLoad.ConcurrencyMax"/>; 0 when there is nothing to do. Environments are made ready for
    /// them.
    /// </summary>
    int TargetFor(SourceKey source, in SourceLoad load);

    /// <summary>The source is gone or is not served any more.</summary>
    void Forget(SourceKey source);
}

/// <summary>One queue that feeds one function.</summary>
/// <param name="Function">Whom it calls.</param>
/// <param name="Kind">What it is: event, queue, stream.</param>
/// <param name="Name">Which one: the queue's name; for a function's own events the function's name.</param>
internal readonly record struct SourceKey(FunctionId Function, string Kind, string Name);

/// <summary>What a source looks like now.</summary>
/// <param name="Backlog">Messages that are due and that nobody took yet.</param>
/// <param name="OldestAge">How long the oldest of them has been due; zero when unknown or when there is none.</param>
/// <param name="Taken">Messages taken so far, counted from any beginning; never less than before.</param>
/// <param name="InFlight">Calls of this source that run now.</param>
/// <param name="ConcurrencyMax">The most that its owner allows at a time, or null.</param>
/// <param name="MessagesPerCall">What a call takes on average: the batch; 1 or more.</param>
/// <param name="Qualifier">The version or alias that is called; null for $LATEST.</param>
internal readonly record struct SourceLoad(
    int Backlog,
    TimeSpan OldestAge,
    long Taken,
    int InFlight,
    int? ConcurrencyMax = null,
    double MessagesPerCall = 1,
    string? Qualifier = null);
