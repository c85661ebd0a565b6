using System.Text;
using Lambent.Storage.Sql;
using SQLitePCL;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// A prepared statement of one connection. It is used by one thread at a time, as its connection is; Dispose gives it
/// back for the next use, unless it was prepared beside the cached one.
/// </summary>
internal sealed class SqliteStatement : ISqlStatement
{
    /// <summary>Texts up to so many characters are made UTF-8 on the stack; SQLite copies them.</summary>
    private const int StackTextLength = 128;

    private const int MaxBytesPerCharacter = 3;

    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt handle;
    private readonly bool cached;
    private int boundParameters;

    public SqliteStatement(SqliteConnection connection, sqlite3_stmt handle, bool cached)
    {
        this.connection = connection;
        this.handle = handle;
        this.cached = cached;
    }

    public bool InUse { get; private set; }

    public bool Writes => raw.sqlite3_stmt_readonly(handle) == 0;

    public SqliteStatement Rent()
    {
        InUse = true;
        boundParameters = 0;
        return this;
    }

    public ISqlStatement Bind(string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(handle, ++boundParameters));
            return this;
        }

        if (text.Length > StackTextLength)
        {
            Check(raw.sqlite3_bind_text(handle, ++boundParameters, text));
            return this;
        }

        Span<byte> utf8 = stackalloc byte[StackTextLength * MaxBytesPerCharacter];
        return BindText(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    public ISqlStatement Bind(long number)
    {
        Check(raw.sqlite3_bind_int64(handle, ++boundParameters, number));
        return this;
    }

    public ISqlStatement Bind(ReadOnlySpan<byte> bytes)
    {
        // An empty span has no address, which SQLite would take for null.
        var parameter = ++boundParameters;
        Check(bytes.IsEmpty
            ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
            : raw.sqlite3_bind_blob(handle, parameter, bytes));
        return this;
    }

    public ISqlStatement BindText(ReadOnlySpan<byte> utf8)
    {
        var parameter = ++boundParameters;
        Check(utf8.IsEmpty
            ? raw.sqlite3_bind_text(handle, parameter, "")
            : raw.sqlite3_bind_text(handle, parameter, utf8));
        return this;
    }

    public bool Read()
    {
        var code = raw.sqlite3_step(handle);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw connection.Failure(code),
        };
    }

    public int Run()
    {
        while (Read())
        {
        }

        return connection.Changes;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long GetNumber(int column) => raw.sqlite3_column_int64(handle, column);

    public string GetText(int column) => Encoding.UTF8.GetString(GetBytes(column));

    /// <summary>Text is stored as UTF-8, so its bytes are what a blob read of the column gives.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose()
    {
        if (!InUse)
        {
            return;
        }

        // Reset repeats the error of the last step, which was already thrown.
        InUse = false;
        _ = raw.sqlite3_reset(handle);
        if (!cached)
        {
            handle.Dispose();
            return;
        }

        // A bound payload may be a megabyte; it is not kept until the next use.
        _ = raw.sqlite3_clear_bindings(handle);
    }

    /// <summary>Frees it for good, when the connection closes.</summary>
    public void Destroy() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw connection.Failure(code);
        }
    }
}
