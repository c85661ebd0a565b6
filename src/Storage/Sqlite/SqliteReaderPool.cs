using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// Connections that read snapshots: each reader sees the state after some commit, whole, and neither waits for the
/// writer nor makes it wait. One connection stays open always, which keeps the log's index in memory.
/// </summary>
internal sealed class SqliteReaderPool : IDisposable
{
    private static readonly SqlText Begin = new("BEGIN DEFERRED");
    private static readonly SqlText End = new("COMMIT");

    private readonly string path;
    private readonly int connectionsMax;
    private readonly SemaphoreSlim permits;
    private readonly Lock gate = new();
    private readonly Stack<SqliteConnection> idle = new();
    private bool closed;

    public SqliteReaderPool(string path, int connectionsMax)
    {
        this.path = path;
        this.connectionsMax = connectionsMax;
        permits = new SemaphoreSlim(connectionsMax);
        idle.Push(SqliteConnection.Open(path, SqliteAccess.Reader));
    }

    /// <exception cref="StoreException">The store is closed, or the database cannot be read.</exception>
    public T Read<T>(Func<ISqlSession, T> body)
    {
        permits.Wait();
        SqliteConnection? connection = null;
        try
        {
            connection = Rent();
            var result = ReadSnapshot(connection, body);
            Return(connection);
            connection = null;
            return result;
        }
        catch (SqliteException failure) when (failure.TryTranslate(path, out var translated))
        {
            throw translated;
        }
        finally
        {
            // After any exception the connection is not used again: closing it ends its transaction for sure.
            connection?.Dispose();
            permits.Release();
        }
    }

    /// <summary>Lets nobody in and waits for those who read.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            closed = true;
        }

        for (var permit = 0; permit < connectionsMax; permit++)
        {
            permits.Wait();
        }

        // Late callers get their permit, and then the message that the store is closed.
        permits.Release(connectionsMax);
        while (idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }

    private static T ReadSnapshot<T>(SqliteConnection connection, Func<ISqlSession, T> body)
    {
        connection.Run(Begin);
        var session = new SqliteSession(connection, readOnly: true);
        try
        {
            return body(session);
        }
        finally
        {
            session.End();
            connection.Run(End);
        }
    }

    private SqliteConnection Rent()
    {
        lock (gate)
        {
            if (closed)
            {
                throw new StoreException(ErrorCode.StoreUnavailable, "The store is closed.");
            }

            if (idle.TryPop(out var connection))
            {
                return connection;
            }
        }

        return SqliteConnection.Open(path, SqliteAccess.Reader);
    }

    private void Return(SqliteConnection connection)
    {
        lock (gate)
        {
            idle.Push(connection);
        }
    }
}
