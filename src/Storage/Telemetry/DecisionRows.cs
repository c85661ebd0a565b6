using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>Decisions of scale controllers: about half a kilobyte each, so many of each, for so long.</summary>
internal static class DecisionRows
{
    private const int RowsPerStep = 2_000;

    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");

    private static readonly SqlText PutSql = new("""
        INSERT INTO scaling_decisions (account_id, function_name, version, source_kind, source_name, number,
            decided_at, record)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (account_id, function_name, version, source_kind, source_name, number) DO NOTHING
        """);

    private static readonly SqlText TrimSql = new("""
        DELETE FROM scaling_decisions
        WHERE account_id = $1 AND function_name = $2 AND version = $3 AND source_kind = $4 AND source_name = $5
            AND number <= $6
        """);

    private static readonly SqlText TrimByAgeSql = new("DELETE FROM scaling_decisions WHERE decided_at < $1");

    private static readonly SqlText TrimByCountSql = new($"""
        DELETE FROM scaling_decisions WHERE decided_at < (
            SELECT decided_at FROM scaling_decisions ORDER BY decided_at DESC LIMIT 1 OFFSET {Limits.DecisionsMax})
        """);

    private static readonly SqlText ListSql = new("""
        SELECT account_id, function_name, version, source_kind, source_name, number, decided_at, record
        FROM scaling_decisions WHERE account_id = $1 AND function_name = $2
        UNION ALL
        SELECT account_id, function_name, version, source_kind, source_name, number, decided_at, record
        FROM scaling_decisions WHERE account_id = $1 AND source_name = $2 AND function_name <> $2
        ORDER BY 2, 3, 4, 5, 6
        """);

    private static readonly SqlText LastNumbersSql = new("""
        SELECT account_id, function_name, version, source_kind, source_name, MAX(number) FROM scaling_decisions
        GROUP BY account_id, function_name, version, source_kind, source_name
        """);

    private static readonly SqlText DeleteOfFunctionSql = new(
        "DELETE FROM scaling_decisions WHERE account_id = $1 AND function_name = $2");

    private static readonly SqlText DeleteOfAccountSql = new("DELETE FROM scaling_decisions WHERE account_id = $1");

    /// <summary>A step of writing; after the last one what is too much or too old is removed.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="rows">What is left to write; what was written is taken out.</param>
    /// <param name="before">What is older goes.</param>
    /// <returns>How many rows were written; 0 when nothing is left to do.</returns>
    public static int Put(SqliteConnection connection, Queue<KeptDecision> rows, DateTimeOffset before)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        connection.Run(Begin);
        try
        {
            var newest = new Dictionary<DecisionOwner, long>();
            var count = Math.Min(rows.Count, RowsPerStep);
            for (var written = 0; written < count; written++)
            {
                var row = rows.Dequeue();
                Put(connection, row);
                newest[row.Owner] = row.Number;
            }

            foreach (var (owner, number) in newest)
            {
                using var trim = Prepare(connection, TrimSql, owner).Bind(number - Limits.DecisionsOfOneMax);
                trim.Run();
            }

            using (var trim = connection.Prepare(TrimByAgeSql).Bind(TimeColumn.FromTime(before)))
            {
                trim.Run();
            }

            connection.Run(TrimByCountSql);
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

    /// <summary>Those about a function, about what feeds it, and about a source of the name; in order.</summary>
    public static IReadOnlyList<KeptDecision> List(ISqlSession session, AccountId account, string name)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(name);
        return rows.ReadAll(row => new KeptDecision(
            ReadOwner(row), row.GetNumber(5), TimeColumn.ToTime(row.GetNumber(6)), row.GetBytes(7).ToArray()));
    }

    public static IReadOnlyList<(DecisionOwner Owner, long Number)> LastNumbers(ISqlSession session)
    {
        using var rows = session.Prepare(LastNumbersSql);
        return rows.ReadAll(row => (ReadOwner(row), row.GetNumber(5)));
    }

    private static void Put(SqliteConnection connection, KeptDecision row)
    {
        using var statement = Prepare(connection, PutSql, row.Owner)
            .Bind(row.Number)
            .Bind(TimeColumn.FromTime(row.At))
            .Bind(row.Record);
        statement.Run();
    }

    private static ISqlStatement Prepare(SqliteConnection connection, SqlText sql, DecisionOwner owner) => connection
        .Prepare(sql)
        .Bind(owner.Function.Account.Value)
        .Bind(owner.Function.Name)
        .Bind(owner.Version)
        .Bind(owner.SourceKind)
        .Bind(owner.SourceName);

    private static DecisionOwner ReadOwner(ISqlStatement row) => new(
        new FunctionId(AccountId.Parse(row.GetText(0)), row.GetText(1)),
        row.GetText(2),
        row.GetText(3),
        row.GetText(4));
}
