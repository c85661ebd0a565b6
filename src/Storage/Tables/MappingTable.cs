using Lambent.Kernel.Access;
using Lambent.Kernel.Mappings;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class MappingTable(ISqlSession session) : IMappingTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM event_source_mappings WHERE account_id = $1 AND mapping_id = $2");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM event_source_mappings
        WHERE account_id = $1 AND mapping_id > $2 ORDER BY mapping_id LIMIT $3
        """);

    private static readonly SqlText ListByFunctionSql = new("""
        SELECT document, checksum FROM event_source_mappings
        WHERE account_id = $1 AND mapping_id > $2 AND function_name = $3 ORDER BY mapping_id LIMIT $4
        """);

    private static readonly SqlText ListByQueueSql = new("""
        SELECT document, checksum FROM event_source_mappings
        WHERE account_id = $1 AND mapping_id > $2 AND queue_name = $3 ORDER BY mapping_id LIMIT $4
        """);

    private static readonly SqlText ListByBothSql = new("""
        SELECT document, checksum FROM event_source_mappings
        WHERE account_id = $1 AND mapping_id > $2 AND queue_name = $3 AND function_name = $4
        ORDER BY mapping_id LIMIT $5
        """);

    private static readonly SqlText AllSql = new("SELECT document, checksum FROM event_source_mappings");

    private static readonly SqlText PutSql = new("""
        INSERT INTO event_source_mappings (account_id, mapping_id, queue_name, function_name, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, mapping_id) DO UPDATE SET queue_name = excluded.queue_name,
            function_name = excluded.function_name, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM event_source_mappings WHERE account_id = $1 AND mapping_id = $2");

    public EventSourceMapping? Get(AccountId account, string id)
    {
        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(id);
        return rows.Read() ? ReadMapping(rows) : null;
    }

    public IReadOnlyList<EventSourceMapping> List(AccountId account, MappingQuery query, string? after, int limit)
    {
        var sql = query switch
        {
            { QueueName: not null, FunctionName: not null } => ListByBothSql,
            { QueueName: not null } => ListByQueueSql,
            { FunctionName: not null } => ListByFunctionSql,
            _ => ListSql,
        };
        using var rows = session.Prepare(sql).Bind(account.Value).Bind(after ?? "");
        foreach (var name in (string?[])[query.QueueName, query.FunctionName])
        {
            if (name is not null)
            {
                rows.Bind(name);
            }
        }

        rows.Bind(limit);
        return rows.ReadAll(ReadMapping);
    }

    public IReadOnlyList<EventSourceMapping> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadMapping);
    }

    public void Put(EventSourceMapping mapping)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(mapping.Account.Value)
            .Bind(mapping.Id)
            .Bind(mapping.Queue.Name)
            .Bind(mapping.Function.Name)
            .BindDocument(MappingDocument.From(mapping), DocumentContext.Default.MappingDocument);
        statement.Run();
    }

    public void Delete(AccountId account, string id)
    {
        using var statement = session.Prepare(DeleteSql).Bind(account.Value).Bind(id);
        statement.Run();
    }

    private static EventSourceMapping ReadMapping(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.MappingDocument).ToMapping();
}
