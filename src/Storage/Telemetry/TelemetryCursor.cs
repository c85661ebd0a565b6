using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>The rows of one function in one order, from which a page takes as many as it needs.</summary>
/// <param name="read">Makes an item of the row at this position, or null when the row is not wanted.</param>
internal sealed class TelemetryCursor<T>(
    ISqlStatement rows, LogEntryKind kind, Func<ISqlStatement, TelemetryPosition, T?> read) : IDisposable
    where T : class
{
    /// <summary>The column with the time the order goes by: that of a start or line, or that of an end.</summary>
    private readonly int timeColumn = kind is LogEntryKind.End or LogEntryKind.Report ? 3 : 2;

    public TelemetryPosition Position { get; private set; }

    public bool MoveNext()
    {
        if (!rows.Read())
        {
            return false;
        }

        Position = new(rows.GetNumber(timeColumn), kind, rows.GetNumber(0));
        return true;
    }

    public T? Read() => read(rows, Position);

    public void Dispose() => rows.Dispose();

    /// <summary>
    /// Takes a page from all cursors together, in order. It ends when it is full, or when as many rows were looked at
    /// as a search may; then it says where to go on, although nothing was found.
    /// </summary>
    public static TelemetryPage<T> Merge(List<TelemetryCursor<T>> cursors, TelemetryQuery query, Func<T, int> bytesOf)
    {
        var order = query.NewestFirst
            ? Comparer<TelemetryPosition>.Create((one, other) => other.CompareTo(one))
            : Comparer<TelemetryPosition>.Default;
        var heads = new PriorityQueue<TelemetryCursor<T>, TelemetryPosition>(order);
        foreach (var cursor in cursors.Where(cursor => cursor.MoveNext()))
        {
            heads.Enqueue(cursor, cursor.Position);
        }

        var items = new List<T>();
        var (bytes, rowsLeft) = (0L, query.RowsMax);
        TelemetryPosition last = default;
        while (items.Count < query.Limit && rowsLeft-- > 0 && heads.TryPeek(out var cursor, out var position))
        {
            if (cursor.Read() is { } item)
            {
                bytes += bytesOf(item);
                if (bytes > query.BytesMax && items.Count > 0)
                {
                    break;
                }

                items.Add(item);
            }

            last = position;
            if (cursor.MoveNext())
            {
                heads.DequeueEnqueue(cursor, cursor.Position);
            }
            else
            {
                heads.Dequeue();
            }
        }

        return new TelemetryPage<T>(items, heads.Count > 0 ? last.ToToken() : null);
    }
}
