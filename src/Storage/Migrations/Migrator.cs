using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Migrations;

/// <summary>Brings a database to this program's schema: forward only, each step in one transaction.</summary>
internal sealed class Migrator(SqliteConnection connection, TimeProvider time)
{
    private static readonly SqlText AppliedSql = new(
        "SELECT version, name, checksum FROM schema_migrations ORDER BY version");

    private static readonly SqlText RecordSql = new(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)");

    /// <exception cref="StoreException">The database is from a newer program, or a step was edited since.</exception>
    public void Run(IReadOnlyList<Migration> migrations)
    {
        var dialect = SqlDialect.Sqlite;
        connection.Execute($"""
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version {dialect.Number} NOT NULL PRIMARY KEY,
                name {dialect.Text} NOT NULL,
                checksum {dialect.Text} NOT NULL,
                applied_at {dialect.Number} NOT NULL
            ){dialect.TableOptions}
            """);
        var applied = ReadApplied();
        Check(applied, migrations, dialect);
        foreach (var migration in migrations.Skip(applied.Count))
        {
            Apply(migration, dialect);
        }
    }

    private List<(long Version, string Name, string Checksum)> ReadApplied()
    {
        using var rows = connection.Prepare(AppliedSql);
        return rows.ReadAll(row => (row.GetNumber(0), row.GetText(1), row.GetText(2)));
    }

    private void Check(
        List<(long Version, string Name, string Checksum)> applied,
        IReadOnlyList<Migration> migrations,
        SqlDialect dialect)
    {
        if (applied.Count > 0 && applied[^1].Version > migrations[^1].Version)
        {
            throw new StoreException(
                ErrorCode.StoreUnavailable,
                $"The database '{connection.Path}' has schema {applied[^1].Version}, from a newer Lambent; this one " +
                $"knows schemas up to {migrations[^1].Version}. Run the newer program, or restore an older copy.");
        }

        foreach (var ((version, name, checksum), migration) in applied.Zip(migrations))
        {
            if (version != migration.Version || checksum != migration.Checksum(dialect))
            {
                throw new StoreException(
                    ErrorCode.StoreUnavailable,
                    $"The database '{connection.Path}' was changed by schema step {version} ({name}), which differs " +
                    "from this program's. They do not belong together.");
            }
        }
    }

    private void Apply(Migration migration, SqlDialect dialect)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute(migration.Statements(dialect));
            using (var statement = connection.Prepare(RecordSql))
            {
                statement
                    .Bind(migration.Version)
                    .Bind(migration.Name)
                    .Bind(migration.Checksum(dialect))
                    .Bind(TimeColumn.FromTime(time.GetUtcNow()))
                    .Run();
            }

            connection.Execute("COMMIT");
        }
        catch
        {
            if (connection.InTransaction)
            {
                connection.Execute("ROLLBACK");
            }

            throw;
        }
    }
}
