namespace Lambent.Storage.Sqlite;

/// <summary>
/// The one thread that writes: it takes all queued writes at once and hands them to the group commit.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly WriteQueue queue;
    private readonly GroupCommit commit;
    private readonly Thread thread;

    public SqliteWriter(WriteQueue queue, GroupCommit commit)
    {
        this.queue = queue;
        this.commit = commit;
        thread = new Thread(RunQueue) { IsBackground = true, Name = "Lambent store writer" };
        thread.Start();
    }

    /// <summary>Commits that were made durable.</summary>
    public long CommitCount => commit.CommitCount;

    /// <summary>Writes those commits made durable together.</summary>
    public long WriteCount => commit.WriteCount;

    /// <summary>Waits until the closed queue is worked off, then moves the log into the database file.</summary>
    public void Dispose()
    {
        thread.Join();
        commit.Dispose();
    }

    private void RunQueue()
    {
        var batch = new List<PendingWrite>();
        while (queue.Take(ref batch))
        {
            DropUnwanted(batch);
            if (batch.Count > 0)
            {
                commit.Run(batch);
            }

            batch.Clear();
        }
    }

    /// <summary>Those whose callers gave up while they waited.</summary>
    internal static void DropUnwanted(List<PendingWrite> batch) => batch.RemoveAll(write =>
    {
        if (write.IsWanted)
        {
            return false;
        }

        write.Cancel();
        return true;
    });
}
