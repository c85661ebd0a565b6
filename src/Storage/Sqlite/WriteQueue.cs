using System.Diagnostics.CodeAnalysis;
using Lambent.Kernel;
using Lambent.Kernel.Storage;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// Writes waiting for the writer's thread, in order. The writer takes all there are at once: that is the group of a
/// group commit, which grows by itself while the disk is busy. A full queue makes callers wait.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing; late callers still ask it.")]
internal sealed class WriteQueue(int capacity)
{
    // A monitor, because the writer's thread waits on it.
    private readonly object gate = new();
    private readonly SemaphoreSlim room = new(capacity);
    private List<PendingWrite> waiting = [];
    private bool writerSleeps;
    private bool closed;

    public Task WaitForRoomAsync(CancellationToken cancellation) => room.WaitAsync(cancellation);

    public bool TryReserveRoom() => room.Wait(0, CancellationToken.None);

    /// <summary>Adds a write for which room was reserved.</summary>
    /// <exception cref="StoreException">The store was closed.</exception>
    public void Add(PendingWrite write)
    {
        lock (gate)
        {
            if (!closed)
            {
                waiting.Add(write);
                WakeWriter();
                return;
            }
        }

        room.Release();
        throw new StoreException(ErrorCode.StoreUnavailable, "The store is closed. Nothing was written.");
    }

    /// <summary>Waits for writes and exchanges all of them for the empty list. The writer's thread only.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(ref List<PendingWrite> batch)
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (closed)
                {
                    return false;
                }

                writerSleeps = true;
                Monitor.Wait(gate);
            }

            (batch, waiting) = (waiting, batch);
        }

        room.Release(batch.Count);
        return true;
    }

    /// <summary>Lets no more in; what waits is still taken.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            WakeWriter();
        }
    }

    private void WakeWriter()
    {
        if (writerSleeps)
        {
            writerSleeps = false;
            Monitor.Pulse(gate);
        }
    }
}
