using System.Globalization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>
/// By which attributes executions are found. A value is a text whose order is that of the values: a letter for its
/// kind, then the text itself, or a number's bits.
/// </summary>
internal sealed class ExecutionAttributeRows(ISqlSession session)
{
    private static readonly SqlText AddSql = new("""
        INSERT INTO execution_attributes (account_id, attribute, value, started_at, execution_key, machine, execution)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM execution_attributes WHERE account_id = $1 AND execution_key = $2");

    private static readonly SqlText DeleteOfSql = new("DELETE FROM execution_attributes WHERE account_id = $1");

    private static readonly SqlText ListEqualSql = new($"""
        {Selected}
        WHERE a.account_id = $1 AND a.attribute = $2 AND a.value = $3 AND (a.started_at, a.execution_key) < ($4, $5)
            AND ($6 = '' OR a.machine = $6) AND ($7 < 0 OR e.status = $7)
        ORDER BY a.started_at DESC, a.execution_key DESC
        """);

    private static readonly SqlText ListBetweenSql = new($"""
        {Selected}
        WHERE a.account_id = $1 AND a.attribute = $2 AND a.value >= $3 AND a.value <= $4
            AND (a.started_at, a.execution_key) < ($5, $6)
            AND ($7 = '' OR a.machine = $7) AND ($8 < 0 OR e.status = $8)
        ORDER BY a.started_at DESC, a.execution_key DESC
        """);

    private const string Selected = """
        SELECT e.document, e.checksum FROM execution_attributes a
        JOIN executions e ON e.account_id = a.account_id AND e.machine = a.machine AND e.name = a.execution
        """;

    public void Set(ExecutionRecord record)
    {
        Delete(record);
        foreach (var (name, value) in record.Attributes.Members)
        {
            using var statement = session.Prepare(AddSql)
                .Bind(record.Id.Account.Value)
                .Bind(name)
                .Bind(Text(value))
                .Bind(TimeColumn.FromTime(record.StartedAt))
                .Bind(record.Key)
                .Bind(record.Id.Machine)
                .Bind(record.Id.Name);
            statement.Run();
        }
    }

    public void Delete(ExecutionRecord record)
    {
        using var statement = session.Prepare(DeleteSql).Bind(record.Id.Account.Value).Bind(record.Key);
        statement.Run();
    }

    public void DeleteOf(AccountId account) => session.Run(DeleteOfSql, account.Value);

    /// <summary>Those for which every condition holds. The index finds them by one, the others are looked at.</summary>
    public IReadOnlyList<ExecutionRecord> List(AccountId account, ExecutionFilter filter, int limit)
    {
        var conditions = filter.Where!;
        var first = conditions.FirstOrDefault(condition => condition.Comparison == AttributeComparison.Equal)
            ?? conditions[0];
        using var rows = Found(account, first)
            .Bind(filter.Before is { } before ? TimeColumn.FromTime(before) : long.MaxValue)
            .Bind(filter.BeforeKey ?? "")
            .Bind(filter.Machine ?? "")
            .Bind(filter.Status is { } status ? (long)status : -1);
        List<ExecutionRecord> found = [];
        while (found.Count < limit && rows.Read())
        {
            var record = rows.GetDocument(0, DocumentContext.Default.ExecutionDocument).ToRecord();
            if (conditions.All(condition => condition.Holds(record.Attributes)))
            {
                found.Add(record);
            }
        }

        return found;
    }

    private ISqlStatement Found(AccountId account, AttributeCondition condition)
    {
        var text = Text(condition.Value);
        if (condition.Comparison == AttributeComparison.Equal)
        {
            return session.Prepare(ListEqualSql).Bind(account.Value).Bind(condition.Name).Bind(text);
        }

        // Those that are equal are among them; whether they are wanted is looked at afterwards.
        var isBelow = condition.Comparison is AttributeComparison.Less or AttributeComparison.LessOrEqual;
        var (low, high) = isBelow
            ? (text[..1], text)
            : (text, ((char)(text[0] + 1)).ToString());
        return session.Prepare(ListBetweenSql).Bind(account.Value).Bind(condition.Name).Bind(low).Bind(high);
    }

    private static string Text(DataValue value) => value switch
    {
        DataBoolean { Value: var flag } => flag ? "b1" : "b0",
        DataNumber { Value: var number } => "n" + Sortable(number),
        DataText { Value: var text } => "t" + text,
        _ => throw new InvalidOperationException($"An attribute is {value.Kind}."),
    };

    /// <summary>The bits of a number, turned so that the order of the texts is the order of the numbers.</summary>
    private static string Sortable(double number)
    {
        // Minus zero is zero.
        var bits = BitConverter.DoubleToUInt64Bits(number == 0 ? 0 : number);
        const ulong Sign = 1UL << 63;
        return ((bits & Sign) == 0 ? bits | Sign : ~bits).ToString("x16", CultureInfo.InvariantCulture);
    }
}
