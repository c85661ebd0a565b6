using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;
using Lambent.Storage.Tables;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// Runs the writes of a batch in one transaction, commits once and then completes their callers, so that one fsync
/// serves many and none is acknowledged before it. It has no thread: whoever owns it calls it.
/// </summary>
/// <remarks>
/// Writes run one after the other without savepoints, which would copy each page that a write touches. What can go
/// wrong, and what follows:
/// - A body fails or throws: nearly always before it wrote anything, and then nothing is to be done. Otherwise the
///   batch begins anew with a savepoint for each write. Its caller still waits for the commit, because what it decided
///   on may be a neighbour's write that is not durable yet.
/// - SQLite gives up the whole transaction during a body (the disk is full): that write fails, and the others are run
///   again one by one, so that a write too large for the disk does not take its neighbours with it.
/// - The commit fails: every write of the batch fails and nothing is acknowledged. When the reason is not a full disk
///   the connection is replaced before the next write, see <see cref="Reopen"/>.
/// </remarks>
internal sealed class GroupCommit : IDisposable
{
    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");
    private static readonly SqlText Rollback = new("ROLLBACK");
    private static readonly SqlText Savepoint = new("SAVEPOINT one_write");
    private static readonly SqlText Release = new("RELEASE one_write");
    private static readonly SqlText RollbackToSavepoint = new("ROLLBACK TO one_write");

    private readonly string path;
    private readonly Action? beforeCommit;
    private readonly Func<SqliteConnection> replace;
    private readonly Action<List<PendingWrite>> complete;
    private SqliteConnection? connection;
    private long commitCount;
    private long writeCount;

    /// <param name="path">The database, as messages name it.</param>
    /// <param name="connection">The first connection; owned from here on.</param>
    /// <param name="beforeCommit">Called before each commit; tests make it throw what a disk would.</param>
    /// <param name="replace">Makes the connection that follows one in doubt.</param>
    /// <param name="complete">Completes the writes of a batch that is durable; null: at once.</param>
    public GroupCommit(
        string path,
        SqliteConnection connection,
        Action? beforeCommit,
        Func<SqliteConnection> replace,
        Action<List<PendingWrite>>? complete = null)
    {
        this.path = path;
        this.connection = connection;
        this.beforeCommit = beforeCommit;
        this.replace = replace;
        this.complete = complete ?? (batch => batch.ForEach(write => write.Complete()));
    }

    /// <summary>Commits that were made durable.</summary>
    public long CommitCount => Volatile.Read(ref commitCount);

    /// <summary>Writes those commits made durable together.</summary>
    public long WriteCount => Volatile.Read(ref writeCount);

    /// <summary>
    /// Replaces a connection whose commit failed. The frames of that commit may be whole in the log although it was
    /// reported failed, and a restart would find them. The checkpoint moves what is acknowledged into the database,
    /// syncs it, and empties the log; it also shows whether the disk works again.
    /// </summary>
    public static SqliteConnection Reopen(string path)
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

    /// <summary>Runs the writes in order and completes each: with what it returned, or why nothing remains.</summary>
    public void Run(List<PendingWrite> batch)
    {
        BatchRun run;
        try
        {
            connection ??= replace();
            connection.Run(Begin);
            run = ExecuteAll(connection, batch, withSavepoints: false);
            if (run.IsSpoiled)
            {
                connection.Run(Rollback);
                connection.Run(Begin);
                run = ExecuteAll(connection, batch, withSavepoints: true);
            }

            if (run.Loser < 0)
            {
                CommitBatch(connection, batch, run.Stayed);
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
        batch[run.Loser].Fail(Translate(batch[run.Loser].Thrown ?? LostTransaction()));
        foreach (var write in batch.Where((_, position) => position != run.Loser))
        {
            Run([write]);
        }
    }

    /// <summary>Moves the log into the database file and closes it.</summary>
    public void Dispose()
    {
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

    private static BatchRun ExecuteAll(SqliteConnection connection, List<PendingWrite> batch, bool withSavepoints)
    {
        var stayed = 0;
        for (var position = 0; position < batch.Count; position++)
        {
            var write = batch[position];
            if (withSavepoints)
            {
                connection.Run(Savepoint);
            }

            var changes = connection.TotalChanges;
            var session = new SqliteSession(connection, readOnly: false);
            var stays = write.Execute(new TableSet(session));
            session.End();
            if (!connection.InTransaction)
            {
                return new BatchRun(stayed, Loser: position);
            }

            if (write.Thrown is SqliteException { BreaksConnection: true } broken)
            {
                throw broken;
            }

            stayed += stays ? 1 : 0;
            if (withSavepoints)
            {
                if (!stays)
                {
                    connection.Run(RollbackToSavepoint);
                }

                connection.Run(Release);
            }
            else if (!stays && connection.TotalChanges != changes)
            {
                return new BatchRun(stayed, IsSpoiled: true);
            }
        }

        return new BatchRun(stayed);
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
        }

        complete(batch);
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

    private Exception Translate(Exception failure) =>
        failure is SqliteException sqlite && sqlite.TryTranslate(path, out var translated) ? translated : failure;

    private static StoreException LostTransaction() => new(
        ErrorCode.StoreUnavailable, "The database gave up the transaction. Nothing was written.");

    /// <summary>What came of running the bodies of a batch.</summary>
    /// <param name="Stayed">How many wrote something that is to stay.</param>
    /// <param name="Loser">The position of the write during which SQLite gave up the transaction, or -1.</param>
    /// <param name="IsSpoiled">A write that failed has left changes, and no savepoint to go back to.</param>
    private readonly record struct BatchRun(int Stayed, int Loser = -1, bool IsSpoiled = false);
}
