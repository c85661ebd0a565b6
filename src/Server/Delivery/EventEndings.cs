using System.Collections.Concurrent;

namespace Lambent.Server.Delivery;

/// <summary>Tells those who wait for an event's end that it came. They then look at the store.</summary>
internal sealed class EventEndings
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);

    /// <summary>
    /// Completes when the event ended. Ask before looking at the store, so that nothing falls between.
    /// </summary>
    public Task Of(string id) => waiting.GetOrAdd(
        id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Announce(string id)
    {
        // Nearly always nobody waits, and a look is all it costs.
        if (!waiting.IsEmpty && waiting.TryRemove(id, out var waiters))
        {
            waiters.TrySetResult();
        }
    }

    /// <summary>Nobody waits any more; others that do ask again.</summary>
    public void Forget(string id)
    {
        if (waiting.TryRemove(id, out var waiters))
        {
            waiters.TrySetResult();
        }
    }
}
