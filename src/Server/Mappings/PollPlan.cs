using Lambent.Kernel;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Server.Functions;

namespace Lambent.Server.Mappings;

/// <summary>A mapping with all it needs, as of the start of one batch; what changes later is for the next.</summary>
/// <param name="Mapping">The mapping.</param>
/// <param name="Filter">Its filters.</param>
/// <param name="Function">What it calls.</param>
/// <param name="Source">Whose messages; null when the queue is not there, and then there are none.</param>
internal sealed record PollPlan(
    EventSourceMapping Mapping, MessageFilter Filter, FunctionSnapshot Function, Queue? Source)
{
    public MappingSettings Settings => Mapping.Settings;

    /// <summary>Whose messages; there is one wherever there are messages.</summary>
    public Queue Queue => Source ?? throw new InvalidOperationException($"{Mapping.Queue.Name} does not exist.");

    /// <summary>The time limit of one call, of whichever version the qualifier means now.</summary>
    public int TimeoutSeconds { get; } =
        (int)(Function.Route(Mapping.Qualifier, 0)?.Timeout.TotalSeconds ?? Limits.TimeoutSecondsDefault);

    /// <summary>
    /// How long messages stay hidden from the start of a call: the queue's timeout, unless it became shorter than the
    /// function's since the mapping was made.
    /// </summary>
    public int VisibilitySeconds => Math.Max(
        Source?.Settings.VisibilityTimeoutSeconds ?? 0, TimeoutSeconds);

    /// <summary>The same from the receive: a batch that waits to become full keeps its first messages.</summary>
    public int ReceiveVisibilitySeconds => Math.Min(
        Limits.VisibilityTimeoutSecondsMax, VisibilitySeconds + Settings.WindowSeconds);
}
