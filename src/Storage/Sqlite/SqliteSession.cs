using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Sqlite;

/// <summary>
/// One transaction's hold on a connection. It ends before the connection goes to somebody else, so that a table kept
/// beyond its transaction fails instead of writing into another one.
/// </summary>
internal sealed class SqliteSession(SqliteConnection connection, bool readOnly) : ISqlSession
{
    private bool ended;

    public ISqlStatement Prepare(SqlText sql)
    {
        if (ended)
        {
            throw new InvalidOperationException("The transaction is over; its tables cannot be used any more.");
        }

        if (!connection.InTransaction)
        {
            // SQLite gave it up after an error; a write now would be a transaction of its own.
            throw new StoreException(
                ErrorCode.StoreUnavailable, "The database gave up the transaction. Nothing was written.");
        }

        var statement = connection.Prepare(sql);
        if (readOnly && statement.Writes)
        {
            statement.Dispose();
            throw new InvalidOperationException("A transaction made for reading cannot write; use WriteAsync.");
        }

        return statement;
    }

    public void End() => ended = true;
}
