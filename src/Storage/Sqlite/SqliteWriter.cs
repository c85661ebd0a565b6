using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;
using Lambent.Storage.Tables;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// The one thread that writes. It takes all queued writes, runs each in a savepoint of one transaction, commits once
/// and then completes their callers, so that one fsync serves many and none is acknowledged before it.
/// </summary>
/// <remarks>
/// What can go wrong, and what follows:
/// - A body fails or throws: back to its savepoint. Its caller still waits for the commit, because what it decided on
///   may be a neighbour's write that is not durable yet.
/// - SQLite gives up the whole transaction during a body (the disk is full): that write fails, and the others are run
///   again one by one, so that a write too large for the disk does not take its neighbours with it.
/// - The commit fails: every write of the batch fails and nothing is acknowledged. When the reason is not a full disk
///   the connection is replaced before the next write, see <see cref="OpenConnection"/>.
/// </remarks>
internal sealed class SqliteWriter : IDisposable
{
    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");
    private static readonly SqlText Rollback = new("ROLLBACK");
    private static readonly SqlText Savepoint = new("SAVEPOINT one_write");
    private static readonly SqlText Release = new("RELEASE one_write");
    private static readonly SqlText RollbackToSavepoint = new("ROLLBACK TO one_write");

    private readonly string path;
    private readonly WriteQueue queue;
    private readonly Action? beforeCommit;
    private readonly Thread thread;
    private SqliteConnection? connection;
    private long commitCount;
    private long writeCount;

    /// <param name="beforeCommit">Called before each commit; tests make it throw what a disk would.</param>
    public SqliteWriter(string path, WriteQueue queue, SqliteConnection connection, Action? beforeCommit)
    {
        this.path = path;
        this.queue = queue;
        this.connection = connection;
        this.beforeCommit = beforeCommit;
        thread = new Thread(RunQueue) { IsBackground = true, Name = "Lambent store writer" };
        thread.Start();
    }

    /// <summary>Commits that were made durable.</summary>
    public long CommitCount => Volatile.Read(ref commitCount);

    /// <summary>Writes those commits made durable together.</summary>
    public long WriteCount => Volatile.Read(ref writeCount);

    /// <summary>Waits until the closed queue is worked off, then moves the log into the database file.</summary>
    public void Dispose()
    {
        thread.Join();
        try
        {
            connection?.Checkpoint();
        }
        catch (SqliteException)
        {
            // The log holds everything; the next start reads it.
        }

        connection?.Dispose();
    }

    private void RunQueue()
    {
        var batch = new List<PendingWrite>();
        while (queue.Take(ref batch))
        {
            DropUnwanted(batch);
            if (batch.Count > 0)
            {
                RunBatch(batch);
            }

            batch.Clear();
        }
    }

    private static void DropUnwanted(List<PendingWrite> batch) => batch.RemoveAll(write =>
    {
        if (write.IsWanted)
        {
            return false;
        }

        write.Cancel();
        return true;
    });

    private void RunBatch(List<PendingWrite> batch)
    {
        var loser = -1;
        try
        {
            connection ??= OpenConnection();
            connection.Run(Begin);
            var stayed = ExecuteAll(connection, batch, out loser);
            if (loser < 0)
            {
                CommitBatch(connection, batch, stayed);
                return;
            }
        }
        catch (Exception failure)
        {
            FailBatch(batch, failure);
            return;
        }

        // The transaction is gone with the writes of all. The one that lost it fails, the others run alone.
        RollBack();
        batch[loser].Fail(Translate(batch[loser].Thrown ?? LostTransaction()));
        foreach (var write in batch.Where((_, position) => position != loser))
        {
            RunBatch([write]);
        }
    }

    /// <param name="batch">The writes, in order.</param>
    /// <param name="loser">The position of the write during which SQLite gave up the transaction, or -1.</param>
    /// <returns>How many wrote something that is to stay.</returns>
    private static int ExecuteAll(SqliteConnection connection, List<PendingWrite> batch, out int loser)
    {
        var stayed = 0;
        for (var position = 0; position < batch.Count; position++)
        {
            var write = batch[position];
            connection.Run(Savepoint);
            var session = new SqliteSession(connection, readOnly: false);
            var stays = write.Execute(new TableSet(session));
            session.End();
            if (!connection.InTransaction)
            {
                loser = position;
                return stayed;
            }

            if (write.Thrown is SqliteException { BreaksConnection: true } broken)
            {
                throw broken;
            }

            stayed += stays ? 1 : 0;
            if (!stays)
            {
                connection.Run(RollbackToSavepoint);
            }

            connection.Run(Release);
        }

        loser = -1;
        return stayed;
    }

    private void CommitBatch(SqliteConnection connection, List<PendingWrite> batch, int stayed)
    {
        if (stayed > 0)
        {
            beforeCommit?.Invoke();
        }

        connection.Run(Commit);
        Volatile.Write(ref commitCount, commitCount + (stayed > 0 ? 1 : 0));
        Volatile.Write(ref writeCount, writeCount + stayed);
        foreach (var write in batch)
        {
            write.Thrown = write.Thrown is null ? null : Translate(write.Thrown);
            write.Complete();
        }
    }

    private void FailBatch(List<PendingWrite> batch, Exception failure)
    {
        // A full disk leaves the connection sound. After anything else it is in doubt, and is replaced.
        if (failure is SqliteException { IsDiskFull: true })
        {
            RollBack();
        }
        else
        {
            connection?.Dispose();
            connection = null;
        }

        var reason = Translate(failure);
        foreach (var write in batch)
        {
            write.Fail(reason);
        }
    }

    private void RollBack()
    {
        try
        {
            if (connection is { InTransaction: true })
            {
                connection.Run(Rollback);
            }
        }
        catch (SqliteException)
        {
            connection?.Dispose();
            connection = null;
        }
    }

    /// <summary>
    /// Replaces a connection whose commit failed. The frames of that commit may be whole in the log although it was
    /// reported failed, and a restart would find them. The checkpoint moves what is acknowledged into the database,
    /// syncs it, and empties the log; it also shows whether the disk works again.
    /// </summary>
    private SqliteConnection OpenConnection()
    {
        var opened = SqliteConnection.Open(path, SqliteAccess.DurableWriter);
        try
        {
            opened.Checkpoint();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private Exception Translate(Exception failure) =>
        failure is SqliteException sqlite && sqlite.TryTranslate(path, out var translated) ? translated : failure;

    private static StoreException LostTransaction() => new(
        ErrorCode.StoreUnavailable, "The database gave up the transaction. Nothing was written.");
}
