using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>
/// A function is one row, and one more per published version, so that a change of a function with a thousand versions
/// writes one row and not a thousand.
/// </summary>
internal sealed class FunctionTable(ISqlSession session) : IFunctionTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM functions WHERE account_id = $1 AND name = $2");

    private static readonly SqlText GetVersionsSql = new("""
        SELECT version, document, checksum FROM function_versions
        WHERE account_id = $1 AND name = $2 ORDER BY version
        """);

    private static readonly SqlText PutSql = new("""
        INSERT INTO functions (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText PutVersionSql = new("""
        INSERT INTO function_versions (account_id, name, version, document, checksum) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, name, version) DO UPDATE
        SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteVersionSql = new(
        "DELETE FROM function_versions WHERE account_id = $1 AND name = $2 AND version = $3");

    private static readonly SqlText DeleteVersionsSql = new(
        "DELETE FROM function_versions WHERE account_id = $1 AND name = $2");

    private static readonly SqlText DeleteSql = new("DELETE FROM functions WHERE account_id = $1 AND name = $2");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM functions
        WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3
        """);

    private static readonly SqlText CountSql = new("SELECT COUNT(*) FROM functions WHERE account_id = $1");

    private static readonly SqlText AllSql = new(
        "SELECT document, checksum FROM functions ORDER BY account_id, name");

    public Function? Get(FunctionId id)
    {
        using var rows = session.Prepare(GetSql).Bind(id.Account.Value).Bind(id.Name);
        return rows.Read() ? ReadFunction(rows) : null;
    }

    public void Put(Function? before, Function after)
    {
        var (account, name) = (after.Id.Account.Value, after.Id.Name);
        using (var statement = session.Prepare(PutSql).Bind(account).Bind(name))
        {
            statement.BindDocument(FunctionDocument.From(after), DocumentContext.Default.FunctionDocument).Run();
        }

        var versionsBefore = before?.Versions ?? ImmutableSortedDictionary<long, FunctionVersion>.Empty;
        if (ReferenceEquals(versionsBefore, after.Versions))
        {
            return;
        }

        foreach (var number in versionsBefore.Keys.Where(number => !after.Versions.ContainsKey(number)))
        {
            using var statement = session.Prepare(DeleteVersionSql).Bind(account).Bind(name).Bind(number);
            statement.Run();
        }

        foreach (var (number, version) in after.Versions)
        {
            if (!versionsBefore.TryGetValue(number, out var versionBefore) || version != versionBefore)
            {
                PutVersion(after.Id, number, version);
            }
        }
    }

    public void Delete(FunctionId id)
    {
        foreach (var sql in new[] { DeleteVersionsSql, DeleteSql })
        {
            using var statement = session.Prepare(sql).Bind(id.Account.Value).Bind(id.Name);
            statement.Run();
        }
    }

    public IReadOnlyList<Function> List(AccountId account, string? afterName, int limit)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(afterName ?? "").Bind(limit);
        return rows.ReadAll(ReadFunction);
    }

    public int Count(AccountId account)
    {
        using var rows = session.Prepare(CountSql).Bind(account.Value);
        return rows.Read() ? (int)rows.GetNumber(0) : 0;
    }

    /// <summary>Read whole before it returns: the rows end with the transaction.</summary>
    public IEnumerable<Function> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadFunction);
    }

    private void PutVersion(FunctionId id, long number, FunctionVersion version)
    {
        using var statement = session.Prepare(PutVersionSql).Bind(id.Account.Value).Bind(id.Name).Bind(number);
        statement
            .BindDocument(FunctionVersionDocument.From(version), DocumentContext.Default.FunctionVersionDocument)
            .Run();
    }

    private Function ReadFunction(ISqlStatement rows)
    {
        var document = rows.GetDocument(0, DocumentContext.Default.FunctionDocument);
        return document.ToFunction(ReadVersions(document.Account, document.Name));
    }

    private ImmutableSortedDictionary<long, FunctionVersion> ReadVersions(string account, string name)
    {
        using var rows = session.Prepare(GetVersionsSql).Bind(account).Bind(name);
        if (!rows.Read())
        {
            return ImmutableSortedDictionary<long, FunctionVersion>.Empty;
        }

        var versions = ImmutableSortedDictionary.CreateBuilder<long, FunctionVersion>();
        do
        {
            var version = rows.GetDocument(1, DocumentContext.Default.FunctionVersionDocument).ToVersion();
            versions.Add(rows.GetNumber(0), version);
        }
        while (rows.Read());

        return versions.ToImmutable();
    }
}
