using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry.Calls;

/// <summary>The statement of a list of calls, by what it is narrowed by: one for each combination, made once.</summary>
internal static class CallStatements
{
    /// <summary>Those of an invocation that <see cref="TelemetryRow.ReadInvocation"/> reads, in its order.</summary>
    public const string Columns = "i.*";

    private static readonly Dictionary<string, SqlText> Known = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();

    /// <summary>
    /// Parameters: the function's row, the first time, the last time, the row at the edge; then those of the conditions
    /// in the order version, origin, duration; then the limit.
    /// </summary>
    public static SqlText Choose(CallQuery query)
    {
        var next = 4;
        var conditions = "";
        var index = "INDEXED BY invocations_by_start";
        if (query.Outcomes is { } outcomes)
        {
            var numbers = string.Join(", ", outcomes.Select(outcome => (int)outcome).Order());
            conditions += $" AND outcome IN ({numbers})";
            if (!outcomes.Contains(Kernel.Invocations.OutcomeKind.Success))
            {
                (index, conditions) = ("INDEXED BY invocations_failed", conditions + " AND outcome <> 0");
            }
        }

        if (query.IsCold is { } isCold)
        {
            index = isCold ? "INDEXED BY invocations_cold" : index;
            conditions += isCold ? " AND init_duration >= 0" : " AND init_duration < 0";
        }

        conditions += query.Version is null ? "" : $" AND version = ${++next}";
        conditions += query.Source is null ? "" : $" AND origin = ${++next}";
        conditions += query.DurationMin is null ? "" : $" AND ended_at - started_at >= ${++next}";

        // Narrowed within the index; only what is wanted is read from the table.
        var text = $"""
            SELECT {Columns} FROM invocations i JOIN (
                SELECT invocation_id FROM invocations {index}
                WHERE source_id = $1 AND started_at >= $2 AND started_at <= $3
                    AND (started_at < $3 OR invocation_id < $4){conditions}
                ORDER BY started_at DESC, invocation_id DESC LIMIT ${next + 1}) page
                ON page.invocation_id = i.invocation_id
            ORDER BY i.started_at DESC, i.invocation_id DESC
            """;
        lock (Gate)
        {
            if (!Known.TryGetValue(text, out var statement))
            {
                Known[text] = statement = new SqlText(text);
            }

            return statement;
        }
    }
}
