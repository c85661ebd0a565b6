using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class StateMachineTable(ISqlSession session) : IStateMachineTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM state_machines WHERE account_id = $1 AND name = $2");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM state_machines WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3
        """);

    private static readonly SqlText PutSql = new("""
        INSERT INTO state_machines (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM state_machines WHERE account_id = $1 AND name = $2");

    private static readonly SqlText GetRevisionSql = new("""
        SELECT document, checksum FROM state_machine_revisions
        WHERE account_id = $1 AND name = $2 AND revision = $3
        """);

    private static readonly SqlText AddRevisionSql = new("""
        INSERT INTO state_machine_revisions (account_id, name, revision, document, checksum)
        VALUES ($1, $2, $3, $4, $5)
        """);

    private static readonly SqlText DeleteRevisionsSql = new(
        "DELETE FROM state_machine_revisions WHERE account_id = $1 AND name = $2");

    public StateMachine? Get(StateMachineId id)
    {
        using var rows = On(GetSql, id);
        return rows.Read() ? Read(rows) : null;
    }

    public IReadOnlyList<StateMachine> List(AccountId account, string after, int limit)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(after).Bind(limit);
        return rows.ReadAll(Read);
    }

    public void Put(StateMachine machine)
    {
        using var statement = On(PutSql, machine.Id)
            .BindDocument(StateMachineDocument.From(machine), DocumentContext.Default.StateMachineDocument);
        statement.Run();
    }

    public void Delete(StateMachineId id)
    {
        using var statement = On(DeleteSql, id);
        statement.Run();
    }

    public StateMachineRevision? GetRevision(StateMachineId id, string revision)
    {
        using var rows = On(GetRevisionSql, id).Bind(revision);
        if (!rows.Read())
        {
            return null;
        }

        var document = rows.GetDocument(0, DocumentContext.Default.StateMachineRevisionDocument);
        return new StateMachineRevision(
            id,
            revision,
            document.Definition,
            document.RoleArn,
            document.Logging,
            document.Tracing,
            document.Encryption);
    }

    public void AddRevision(StateMachineRevision revision)
    {
        using var statement = On(AddRevisionSql, revision.Machine).Bind(revision.Revision).BindDocument(
            new StateMachineRevisionDocument
            {
                Definition = revision.Definition,
                RoleArn = revision.RoleArn,
                Logging = revision.Logging,
                Tracing = revision.Tracing,
                Encryption = revision.Encryption,
            },
            DocumentContext.Default.StateMachineRevisionDocument);
        statement.Run();
    }

    public void DeleteRevisions(StateMachineId id)
    {
        using var statement = On(DeleteRevisionsSql, id);
        statement.Run();
    }

    private ISqlStatement On(SqlText sql, StateMachineId id) =>
        session.Prepare(sql).Bind(id.Account.Value).Bind(id.Name);

    private static StateMachine Read(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.StateMachineDocument).ToMachine();
}
