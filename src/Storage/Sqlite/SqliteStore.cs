using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Disk;
using Lambent.Storage.Migrations;
using Lambent.Storage.Tables;

namespace Lambent.Storage.Sqlite;

/// <summary>Where and how the embedded engine keeps its database.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; its folder exists. The log and its index lie beside it.</summary>
    public required string Path { get; init; }

    /// <summary>Writes that may wait for the writer; further callers wait for room.</summary>
    public int QueuedWritesMax { get; init; } = 1_024;

    /// <summary>Snapshots read at the same time; further callers wait.</summary>
    public int ReadersMax { get; init; } = 32;

    /// <summary>
    /// Databases up to this size are checked page by page when they are opened, which takes about 1.5 s per GiB; larger
    /// ones only row by row, as they are read.
    /// </summary>
    public long CheckedAtOpenBytesMax { get; init; } = 64L * Limits.MiB;

    /// <summary>Called before each commit; tests make it throw what a disk would.</summary>
    internal Action? BeforeCommit { get; init; }

    /// <summary>The most pages the database may have, as if the disk were that small; 0: no bound.</summary>
    internal int PagesMax { get; init; }
}

/// <summary>The store in one SQLite file. docs/internals/storage.md tells how it works.</summary>
public sealed class SqliteStore : IStore, IDisposable
{
    private readonly WriteQueue queue;
    private readonly SqliteWriter writer;
    private readonly SqliteReaderPool readers;
    private int disposed;

    private SqliteStore(SqliteStoreOptions options, SqliteConnection connection, SqliteReaderPool readers)
    {
        this.readers = readers;
        queue = new WriteQueue(options.QueuedWritesMax);
        writer = new SqliteWriter(
            queue,
            new GroupCommit(
                options.Path,
                connection,
                options.BeforeCommit,
                () => Reopen(options.Path),
                DurableWrites.Complete));
    }

    public event Action? InDoubt;

    /// <summary>Commits made durable since the start.</summary>
    public long CommitCount => writer.CommitCount;

    /// <summary>Writes made durable by those commits: the more per commit, the more the disk was the bound.</summary>
    public long WriteCount => writer.WriteCount;

    /// <summary>Opens the database, creates it when it is missing, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">
    /// SQLite is missing, the file is damaged, comes from a newer program, or cannot be written.
    /// </exception>
    public static SqliteStore Open(SqliteStoreOptions options, TimeProvider time)
    {
        SqliteConnection? connection = null;
        try
        {
            DataFolder.CreatePrivateFile(options.Path);
            connection = SqliteConnection.Open(options.Path, SqliteAccess.DurableWriter);
            CheckPages(connection, options);
            new Migrator(connection, time).Run(MigrationList.All);
            Posix.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(options.Path))!);
            if (options.PagesMax > 0)
            {
                connection.Execute($"PRAGMA max_page_count={options.PagesMax}");
            }

            return new SqliteStore(options, connection, new SqliteReaderPool(options.Path, options.ReadersMax));
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            if (failure is SqliteException sqlite && sqlite.TryTranslate(options.Path, out var translated))
            {
                throw translated;
            }

            if (failure is IOException or UnauthorizedAccessException)
            {
                throw new StoreException(
                    ErrorCode.StoreUnavailable,
                    $"The database '{options.Path}' cannot be opened: {failure.Message}", failure);
            }

            throw;
        }
    }

    public Task<Result<T>> WriteAsync<T>(
        Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<Result<T>>(cancellation);
        }

        var write = new PendingWrite<T>(body, cancellation);
        if (!queue.TryReserveRoom())
        {
            return WaitAndWriteAsync(write, cancellation);
        }

        try
        {
            queue.Add(write);
            return write.Task;
        }
        catch (StoreException closed)
        {
            return Task.FromException<Result<T>>(closed);
        }
    }

    public T Read<T>(Func<ITransaction, T> body) => readers.Read(session => body(new TableSet(session)));

    /// <summary>Takes no more writes, makes the accepted ones durable, and closes the files.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        queue.Close();
        readers.Dispose();
        writer.Dispose();
    }

    private SqliteConnection Reopen(string path)
    {
        var reopened = GroupCommit.Reopen(path);
        InDoubt?.Invoke();
        return reopened;
    }

    private async Task<Result<T>> WaitAndWriteAsync<T>(PendingWrite<T> write, CancellationToken cancellation)
    {
        await queue.WaitForRoomAsync(cancellation);
        queue.Add(write);
        return await write.Task;
    }

    /// <summary>Rows carry their own checksums; this finds damage in the trees that lead to them.</summary>
    private static void CheckPages(SqliteConnection connection, SqliteStoreOptions options)
    {
        if (new FileInfo(options.Path).Length > options.CheckedAtOpenBytesMax)
        {
            return;
        }

        var verdict = connection.QueryText("PRAGMA quick_check(1)");
        if (verdict != "ok")
        {
            throw new StoreException(
                ErrorCode.StoreUnavailable,
                $"The database '{options.Path}' is damaged ({verdict}). Restore the data folder from a copy.");
        }
    }
}
