using Lambent.Kernel.Queues;

namespace Lambent.Server.Queues;

/// <summary>
/// Wakes receives that wait for a message. A signal wakes as many as there are messages, those that wait longest first;
/// it is only a hint to look again, so a lost or a false one costs a look and never a message.
/// </summary>
internal sealed class QueueSignals
{
    private readonly Dictionary<QueueId, LinkedList<Waiter>> waiting = [];

    /// <summary>Counts what happens, or null where nobody looks at that.</summary>
    public QueueMeter? Meter { get; init; }

    /// <summary>Receives that wait for a message of this queue now.</summary>
    public int WaitingReceives(QueueId queue)
    {
        lock (waiting)
        {
            return waiting.TryGetValue(queue, out var list) ? list.Count : 0;
        }
    }

    /// <summary>Begins to listen. Register before looking, so that nothing falls between.</summary>
    public Waiter Register(QueueId queue)
    {
        var waiter = new Waiter(this, queue);
        lock (waiting)
        {
            if (!waiting.TryGetValue(queue, out var list))
            {
                waiting[queue] = list = [];
            }

            waiter.Node = list.AddLast(waiter);
        }

        return waiter;
    }

    public void Signal(QueueId queue, int messages)
    {
        lock (waiting)
        {
            while (messages-- > 0 && waiting.TryGetValue(queue, out var list) && list.First is { } first)
            {
                Remove(first.Value);
                first.Value.Wake();
            }
        }
    }

    /// <summary>Wakes every receive: messages may be there of which nobody was told.</summary>
    public void SignalAll()
    {
        lock (waiting)
        {
            foreach (var first in waiting.Values.SelectMany(list => list).ToList())
            {
                Remove(first);
                first.Wake();
            }
        }
    }

    private void Remove(Waiter waiter)
    {
        if (waiter.Node is not { List: { } list } node)
        {
            return;
        }

        list.Remove(node);
        waiter.Node = null;
        if (list.Count == 0)
        {
            waiting.Remove(waiter.Queue);
        }
    }

    /// <summary>One receive's place in the line.</summary>
    internal sealed class Waiter(QueueSignals owner, QueueId queue) : IDisposable
    {
        private readonly TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public QueueId Queue => queue;

        public LinkedListNode<Waiter>? Node { get; set; }

        /// <summary>Set when the signal was followed: a signal that nobody followed goes to the next in line.</summary>
        public bool Followed { get; set; }

        public void Wake() => woken.TrySetResult();

        /// <summary>Until a signal comes or the time is over, whichever is first.</summary>
        public async Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellation)
        {
            try
            {
                // Waiting counts whole milliseconds and drops the rest: what is left of one would not be waited for,
                // and the receive would look again and again until it has passed.
                var milliseconds = TimeSpan.FromMilliseconds(Math.Ceiling(most.TotalMilliseconds));
                await woken.Task.WaitAsync(milliseconds, time, cancellation);
            }
            catch (TimeoutException)
            {
                // Time to look again, signal or not.
            }
        }

        public void Dispose()
        {
            lock (owner.waiting)
            {
                owner.Remove(this);
            }

            if (!Followed && woken.Task.IsCompleted)
            {
                owner.Signal(queue, 1);
            }
        }
    }
}
