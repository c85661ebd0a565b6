namespace Lambent.Kernel.Events;

/// <summary>
/// The order of events that are due for the same target: by time, where each step of priority counts as having come
/// some minutes earlier. So what matters goes first, and what does not is overtaken only by what came within that
/// time after it: nothing starves, and no counter has to age.
/// </summary>
public static class EventRank
{
    /// <summary>The head start of one step of priority.</summary>
    public static readonly TimeSpan PriorityStep = TimeSpan.FromMinutes(10);

    /// <summary>The lower, the sooner.</summary>
    public static DateTimeOffset Of(DateTimeOffset dueAt, int priority) => dueAt - (priority * PriorityStep);
}
