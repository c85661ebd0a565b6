using Lambent.Kernel.Functions;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>The rows of one function in one order, from which a page takes as many as it needs.</summary>
internal sealed class TelemetryCursor<T>(
    ISqlStatement rows, FunctionId function, LogEntryKind kind, Func<ISqlStatement, FunctionId, T> read) : IDisposable
{
    /// <summary>The column with the time the order goes by: that of a start or line, or that of an end.</summary>
    private readonly int timeColumn = kind is LogEntryKind.End or LogEntryKind.Report ? 3 : 2;

    public TelemetryPosition Position => new(rows.GetNumber(timeColumn), kind, rows.GetNumber(0));

    public bool MoveNext() => rows.Read();

    public T Read() => read(rows, function);

    public void Dispose() => rows.Dispose();

    /// <summary>Takes a page from all cursors together, in order.</summary>
    public static TelemetryPage<T> Merge(List<TelemetryCursor<T>> cursors, bool newestFirst, int limit)
    {
        var order = newestFirst
            ? Comparer<TelemetryPosition>.Create((one, other) => other.CompareTo(one))
            : Comparer<TelemetryPosition>.Default;
        var heads = new PriorityQueue<TelemetryCursor<T>, TelemetryPosition>(order);
        foreach (var cursor in cursors.Where(cursor => cursor.MoveNext()))
        {
            heads.Enqueue(cursor, cursor.Position);
        }

        var items = new List<T>();
        TelemetryPosition last = default;
        while (items.Count < limit && heads.TryDequeue(out var cursor, out last))
        {
            items.Add(cursor.Read());
            if (cursor.MoveNext())
            {
                heads.Enqueue(cursor, cursor.Position);
            }
        }

        return new TelemetryPage<T>(items, heads.Count > 0 ? last.ToToken() : null);
    }
}
