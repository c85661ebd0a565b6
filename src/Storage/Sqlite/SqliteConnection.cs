using System.Diagnostics;
using System.Text;
using Lambent.Storage.Sql;
using SQLitePCL;

namespace Lambent.Storage.Sqlite;

internal enum SqliteAccess
{
    /// <summary>The one connection that writes: every commit reaches the disk before it returns.</summary>
    DurableWriter,

    /// <summary>Writes that may be lost with the power, in a database whose loss is bearable.</summary>
    RelaxedWriter,

    Reader,
}

/// <summary>
/// One connection: used by one thread at a time, which its owner sees to. Statements are prepared once each.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly sqlite3 handle;
    private readonly Dictionary<SqlText, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);

    private SqliteConnection(string path, sqlite3 handle)
    {
        Path = path;
        this.handle = handle;
    }

    public string Path { get; }

    /// <summary>False when SQLite has rolled the transaction back by itself, as it does on some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    public int Changes => raw.sqlite3_changes(handle);

    /// <summary>Rows written since the connection was opened; it tells only whether there were more.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(handle);

    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    public static SqliteConnection Open(string path, SqliteAccess access)
    {
        SqliteLibrary.Load();
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX;
        flags |= access == SqliteAccess.Reader ? 0 : raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new SqliteConnection(path, handle);
        try
        {
            if (code != raw.SQLITE_OK)
            {
                throw connection.Failure(code);
            }

            _ = raw.sqlite3_extended_result_codes(handle, 1);
            _ = raw.sqlite3_busy_timeout(handle, (int)BusyTimeout.TotalMilliseconds);
            connection.Configure(access);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteStatement Prepare(SqlText sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = PrepareNew(sql.Text, cached: true);
            statements.Add(sql, statement);
        }

        // The same statement is wanted while its rows are still being read: it gets a second, short-lived form.
        return statement.InUse ? PrepareNew(sql.Text, cached: false).Rent() : statement.Rent();
    }

    public void Run(SqlText sql)
    {
        using var statement = Prepare(sql);
        statement.Run();
    }

    /// <summary>Runs statements that are used once: settings and table definitions.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    /// <summary>The first column of the first row, as text; null when there is no row.</summary>
    public string? QueryText(string sql)
    {
        using var statement = PrepareNew(sql, cached: false).Rent();
        return statement.Read() ? statement.GetText(0) : null;
    }

    public long QueryNumber(string sql)
    {
        using var statement = PrepareNew(sql, cached: false).Rent();
        return statement.Read() ? statement.GetNumber(0) : 0;
    }

    /// <summary>Moves the log into the database file and empties it.</summary>
    /// <returns>False when readers kept some of it in use.</returns>
    public bool Checkpoint() => QueryNumber("PRAGMA wal_checkpoint(TRUNCATE)") == 0;

    public SqliteException Failure(int code)
    {
        var message = raw.sqlite3_errmsg(handle).utf8_to_string() ?? raw.sqlite3_errstr(code).utf8_to_string();
        var extended = raw.sqlite3_extended_errcode(handle);
        return new SqliteException((extended & 0xff) == (code & 0xff) ? extended : code, message);
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Destroy();
        }

        statements.Clear();
        handle.Dispose();
    }

    private void Configure(SqliteAccess access)
    {
        if (access == SqliteAccess.Reader)
        {
            Execute("PRAGMA query_only=ON; PRAGMA cache_size=-4096");
        }
        else
        {
            var mode = QueryText("PRAGMA journal_mode=WAL");
            if (mode != "wal")
            {
                throw new SqliteException(
                    raw.SQLITE_CANTOPEN, $"the file system does not support write-ahead logging (mode is {mode})");
            }

            var synchronous = access == SqliteAccess.DurableWriter ? "FULL" : "NORMAL";
            // fullfsync is what a durable write takes on macOS; elsewhere it has no effect. Freed pages are cleared
            // only when they are written anyway: Debian's build would write them for that alone.
            Execute($"""
                PRAGMA synchronous={synchronous}; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON;
                PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384; PRAGMA secure_delete=FAST;
                PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864
                """);
        }

        Execute("PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF");
    }

    private SqliteStatement PrepareNew(string sql, bool cached)
    {
        var code = raw.sqlite3_prepare_v3(
            handle, Encoding.UTF8.GetBytes(sql), cached ? (uint)raw.SQLITE_PREPARE_PERSISTENT : 0, out var statement);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }

        AssertParametersInOrder(statement, sql);
        return new SqliteStatement(this, statement, cached);
    }

    [Conditional("DEBUG")]
    private static void AssertParametersInOrder(sqlite3_stmt statement, string sql)
    {
        for (var parameter = 1; parameter <= raw.sqlite3_bind_parameter_count(statement); parameter++)
        {
            var name = raw.sqlite3_bind_parameter_name(statement, parameter).utf8_to_string();
            Debug.Assert(name == $"${parameter}", $"Parameter {parameter} is {name} in: {sql}");
        }
    }
}
