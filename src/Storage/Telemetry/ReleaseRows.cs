using Lambent.Kernel.Invocations;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>Which code versions had, as their calls tell. Used by the writer's thread alone.</summary>
internal sealed class ReleaseRows
{
    /// <summary>Above it, what is known is read again.</summary>
    private const int KnownMax = 10_000;

    private static readonly SqlText PutSql = new("""
        INSERT INTO releases (source_id, version, code_digest, first_seen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (source_id, version, code_digest) DO UPDATE SET source_id = excluded.source_id
        RETURNING release_id
        """);

    private readonly Dictionary<(long Source, string Version, string Digest), long> known = [];

    /// <summary>The number of a call's release; 0 when it is not known.</summary>
    public long Find(ISqlSession session, long source, InvocationRecord record)
    {
        if (record.CodeDigest.Length == 0)
        {
            return 0;
        }

        var key = (source, record.Version, record.CodeDigest);
        if (!known.TryGetValue(key, out var number))
        {
            using var rows = session.Prepare(PutSql)
                .Bind(source).Bind(record.Version).Bind(record.CodeDigest)
                .Bind(TimeColumn.FromTime(record.StartedAt));
            rows.Read();
            number = rows.GetNumber(0);
            if (known.Count >= KnownMax)
            {
                known.Clear();
            }

            known.Add(key, number);
        }

        return number;
    }

    public void Forget() => known.Clear();
}
