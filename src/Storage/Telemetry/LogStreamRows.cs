using Lambent.Kernel.Functions;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Which environments wrote into a source, and when: gathered over a batch, so that a stream is one write for all of
/// its lines. Used by the writer's thread only.
/// </summary>
internal sealed class LogStreamRows
{
    private static readonly SqlText PutSql = new("""
        INSERT INTO log_streams (source_id, environment_id, name, created_at, first_time, last_time)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (source_id, environment_id) DO UPDATE SET is_listed = 1,
            first_time = MIN(first_time, excluded.first_time), last_time = MAX(last_time, excluded.last_time)
        """);

    private readonly Dictionary<(long Source, string Environment), Seen> seen = [];

    public void Add(long source, FunctionId function, string version, string environment, long first, long last)
    {
        var key = (source, environment);
        seen[key] = seen.TryGetValue(key, out var before)
            ? before with { First = Math.Min(before.First, first), Last = Math.Max(before.Last, last) }
            : new Seen(function, version, first, last);
    }

    public void Write(ISqlSession session)
    {
        foreach (var ((source, environment), (function, version, first, last)) in seen)
        {
            Put(session, source, environment, new StreamTimes(
                LogSources.StreamName(function, version, environment, TimeColumn.ToTime(first)), first, first, last));
        }

        seen.Clear();
    }

    public void Forget() => seen.Clear();

    public static void Put(ISqlSession session, long source, string environment, StreamTimes stream)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(source)
            .Bind(environment)
            .Bind(stream.Name)
            .Bind(stream.CreatedAt)
            .Bind(stream.First)
            .Bind(stream.Last);
        statement.Run();
    }

    public readonly record struct StreamTimes(string Name, long CreatedAt, long First, long Last);

    private readonly record struct Seen(FunctionId Function, string Version, long First, long Last);
}
