using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>A part of a table's rows that has an index of its own.</summary>
/// <param name="Index">Its name.</param>
/// <param name="Condition">What is in it.</param>
/// <param name="IsFor">Which queries want nothing else.</param>
internal sealed record NarrowIndex(string Index, string Condition, Func<TelemetryQuery, bool> IsFor);

/// <summary>The statements over one table by one time.</summary>
internal sealed class TelemetryStatements(string table, string row, string time)
{
    private readonly Dictionary<(bool OfRequest, bool Narrow, bool NewestFirst), SqlText> all = [];
    private readonly Lock gate = new();

    public NarrowIndex? Narrow { get; init; }

    /// <summary>Parameters: function, first time, last time, row at the edge, and the request.</summary>
    public SqlText Choose(TelemetryQuery query)
    {
        var key = (OfRequest: query.RequestId is not null, Narrow: Narrow?.IsFor(query) == true, query.NewestFirst);
        lock (gate)
        {
            if (!all.TryGetValue(key, out var statement))
            {
                all[key] = statement = Create(key.OfRequest, key.Narrow ? Narrow : null, key.NewestFirst);
            }

            return statement;
        }
    }

    private SqlText Create(bool ofRequest, NarrowIndex? narrow, bool newestFirst)
    {
        var index = narrow is not null && !ofRequest ? $"INDEXED BY {narrow.Index}" : "";
        // The plus keeps SQLite from searching by function where the few rows of a request are wanted.
        var source = ofRequest ? "+source_id" : "source_id";
        var edge = newestFirst ? $"({time} < $3 OR {row} < $4)" : $"({time} > $2 OR {row} > $4)";
        var request = ofRequest ? "AND request_id = $5 AND LENGTH(request_id) > 0" : "";
        var condition = narrow is null ? "" : $"AND {narrow.Condition}";
        var order = newestFirst ? $"{time} DESC, {row} DESC" : $"{time}, {row}";
        return new SqlText($"""
            SELECT * FROM {table} {index}
            WHERE {source} = $1 AND {time} >= $2 AND {time} <= $3 AND {edge} {request} {condition}
            ORDER BY {order}
            """);
    }
}
