namespace Lambent.Storage.Sqlite;

/// <summary>
/// Completes the writes of a batch on the thread pool: one item for all of them, so that the writer's thread wakes
/// nobody once for each. What their callers go on with lies in that worker's own queue, where others help themselves.
/// </summary>
internal sealed class DurableWrites : IThreadPoolWorkItem
{
    private readonly PendingWrite[] writes;

    private DurableWrites(PendingWrite[] writes) => this.writes = writes;

    public static void Complete(List<PendingWrite> batch) =>
        ThreadPool.UnsafeQueueUserWorkItem(new DurableWrites([.. batch]), preferLocal: false);

    public void Execute()
    {
        foreach (var write in writes)
        {
            write.Complete();
        }
    }
}
