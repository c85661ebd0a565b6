namespace Lambent.Simulation.Scheduling;

/// <summary>
/// Runs a world to its end on the only thread of a thread pool of one. Library code leaves a synchronization context
/// where it likes (semaphores, channels, cancellation), and goes on in the thread pool; here that is the same thread,
/// so such work is done in the order in which it came, and all of it before the world goes on. Nothing is left to the
/// operating system.
/// </summary>
internal sealed class Pump : IThreadPoolWorkItem
{
    private readonly Func<bool> step;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Pump(Func<bool> step) => this.step = step;

    /// <summary>Makes the process's thread pool one thread. Called once, before anything else runs.</summary>
    public static void LimitThreads()
    {
        if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
        {
            throw new InvalidOperationException("The thread pool cannot be limited to one thread.");
        }
    }

    /// <summary>Steps until <paramref name="step"/> returns false. Blocks; not to be called in the pool.</summary>
    public static void Run(Func<bool> step)
    {
        var pump = new Pump(step);
        ThreadPool.UnsafeQueueUserWorkItem(pump, preferLocal: false);
        pump.ended.Task.GetAwaiter().GetResult();
    }

    public void Execute()
    {
        try
        {
            while (ThreadPool.PendingWorkItemCount == 0)
            {
                if (!step())
                {
                    ended.SetResult();
                    return;
                }
            }

            // Behind all that waits: the pool's queue is first in, first out.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception failure)
        {
            ended.SetException(failure);
        }
    }
}
