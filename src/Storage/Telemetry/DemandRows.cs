using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>The histories of functions' calls: one row of some 500 bytes for a version.</summary>
internal static class DemandRows
{
    private const int RowsPerStep = 1_000;

    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");

    private static readonly SqlText PutSql = new("""
        INSERT INTO demand_histories (account_id, function_name, version, history, updated_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, function_name, version)
        DO UPDATE SET history = excluded.history, updated_at = excluded.updated_at
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM demand_histories WHERE account_id = $1 AND function_name = $2 AND version = $3");

    private static readonly SqlText DeleteOfFunctionSql = new(
        "DELETE FROM demand_histories WHERE account_id = $1 AND function_name = $2");

    private static readonly SqlText DeleteOfAccountSql = new("DELETE FROM demand_histories WHERE account_id = $1");

    private static readonly SqlText ListSql = new($"""
        SELECT account_id, function_name, version, history FROM (
            SELECT * FROM demand_histories ORDER BY updated_at DESC LIMIT {Limits.DemandHistoriesMax})
        ORDER BY updated_at
        """);

    /// <summary>A step of writing; an empty history is a row that goes.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="rows">What is left to write; what was written is taken out.</param>
    /// <param name="updatedAt">As <see cref="TimeColumn"/> has it.</param>
    /// <returns>How many rows were written; 0 when nothing is left to do.</returns>
    public static int Put(SqliteConnection connection, Queue<RememberedDemand> rows, long updatedAt)
    {
        var count = Math.Min(rows.Count, RowsPerStep);
        if (count == 0)
        {
            return 0;
        }

        connection.Run(Begin);
        try
        {
            for (var written = 0; written < count; written++)
            {
                Put(connection, rows.Dequeue(), updatedAt);
            }

            connection.Run(Commit);
            return count;
        }
        catch when (connection.InTransaction)
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }

    public static void Forget(SqliteConnection connection, FunctionId function)
    {
        using var statement = connection.Prepare(DeleteOfFunctionSql).Bind(function.Account.Value).Bind(function.Name);
        statement.Run();
    }

    public static void Forget(SqliteConnection connection, AccountId account)
    {
        using var statement = connection.Prepare(DeleteOfAccountSql).Bind(account.Value);
        statement.Run();
    }

    /// <summary>The newest, the one changed last at the end.</summary>
    public static IReadOnlyList<RememberedDemand> List(ISqlSession session)
    {
        using var rows = session.Prepare(ListSql);
        return rows.ReadAll(row => new RememberedDemand(
            new FunctionId(AccountId.Parse(row.GetText(0)), row.GetText(1)),
            row.GetText(2),
            row.GetBytes(3).ToArray()));
    }

    private static void Put(SqliteConnection connection, RememberedDemand row, long updatedAt)
    {
        var (function, version, history) = row;
        var statement = connection
            .Prepare(history.Length == 0 ? DeleteSql : PutSql)
            .Bind(function.Account.Value)
            .Bind(function.Name)
            .Bind(version);
        using (statement)
        {
            if (history.Length > 0)
            {
                statement.Bind(history).Bind(updatedAt);
            }

            statement.Run();
        }
    }
}
