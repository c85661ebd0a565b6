using System.Buffers;
using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>Histories of executions: what was decided together is one row.</summary>
internal sealed class JournalTable(ISqlSession session) : IJournalTable
{
    private static readonly SqlText AppendSql = new("""
        INSERT INTO journal (account_id, execution_key, first, last, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, execution_key, first) DO NOTHING
        """);

    private static readonly SqlText ReadSql = new("""
        SELECT first, last, document, checksum FROM journal
        WHERE account_id = $1 AND execution_key = $2 AND last >= $3 ORDER BY first
        """);

    private static readonly SqlText ReadLastSql = new("""
        SELECT first, last, document, checksum FROM journal
        WHERE account_id = $1 AND execution_key = $2 ORDER BY first DESC
        """);

    public bool Append(AccountId account, string key, IReadOnlyList<JournalEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var document = JournalDocument.Write(buffer, events);
        using var statement = session.Prepare(AppendSql)
            .Bind(account.Value)
            .Bind(key)
            .Bind(events[0].Sequence)
            .Bind(events[^1].Sequence)
            .BindText(document)
            .Bind(RowDocument.Checksum(document));
        return statement.Run() == 1;
    }

    public IEnumerable<JournalEvent> Read(AccountId account, string key)
    {
        using var rows = session.Prepare(ReadSql).Bind(account.Value).Bind(key).Bind(0);
        while (rows.Read())
        {
            foreach (var happened in ReadRow(rows))
            {
                yield return happened;
            }
        }
    }

    public IReadOnlyList<JournalEvent> ReadLast(AccountId account, string key, int atLeast)
    {
        using var rows = session.Prepare(ReadLastSql).Bind(account.Value).Bind(key);
        List<JournalEvent> events = [];
        while (events.Count < atLeast && rows.Read())
        {
            events.InsertRange(0, ReadRow(rows));
        }

        return events;
    }

    public IReadOnlyList<JournalEvent> ReadFrom(AccountId account, string key, long sequence, int atLeast)
    {
        using var rows = session.Prepare(ReadSql).Bind(account.Value).Bind(key).Bind(sequence);
        List<JournalEvent> events = [];
        while (events.Count < atLeast && rows.Read())
        {
            events.AddRange(ReadRow(rows));
        }

        return events;
    }

    private static IReadOnlyList<JournalEvent> ReadRow(ISqlStatement rows) =>
        JournalDocument.Read(rows.GetCheckedBytes(2, "journal"), rows.GetNumber(0));
}
