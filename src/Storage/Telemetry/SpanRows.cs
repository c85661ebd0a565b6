using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Traces;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>How spans become rows.</summary>
internal static class SpanRows
{
    public const string Columns = "spans.*, sources.account_id, sources.function_name";

    private const long StillOpen = -1;

    private static readonly SqlText PutSql = new("""
        INSERT INTO spans (source_id, started_at, duration, trace_id, span_id, parent_span_id, origin, kind, status,
            is_sampled, name, version, detail, link_trace_id, link_span_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """);

    /// <summary>Owners that are no functions have no log, so they are not listed among those that have.</summary>
    private static readonly SqlText OwnerSql = new("""
        INSERT INTO sources (account_id, function_name, is_listed) VALUES ($1, $2, 0)
        ON CONFLICT (account_id, function_name) DO UPDATE SET is_listed = is_listed
        RETURNING source_id
        """);

    public static bool IsOther(FunctionId owner) =>
        owner.Name.StartsWith(TraceSpan.OtherOwner, StringComparison.Ordinal);

    public static long PutOwner(ISqlSession session, FunctionId owner)
    {
        using var rows = session.Prepare(OwnerSql).Bind(owner.Account.Value).Bind(owner.Name);
        rows.Read();
        return rows.GetNumber(0);
    }

    public static void Put(ISqlSession session, long source, TraceSpan span)
    {
        Span<byte> trace = stackalloc byte[TraceId.Bytes];
        span.Parent.Trace.Write(trace);
        using var statement = session.Prepare(PutSql)
            .Bind(source)
            .Bind(TimeColumn.FromTime(span.StartedAt))
            .Bind(span.IsOpen ? StillOpen : span.Duration.Ticks)
            .Bind((ReadOnlySpan<byte>)trace)
            .Bind((long)span.Span)
            .Bind((long)span.Parent.Span)
            .Bind((long)span.Origin)
            .Bind((long)span.Kind)
            .Bind((long)span.Status)
            .Bind(span.Parent.IsSampled ? 1 : 0)
            .Bind(span.Name)
            .Bind(span.Version)
            .Bind(span.Detail);
        if (span.Link.IsNone)
        {
            statement.Bind(default(string));
        }
        else
        {
            Span<byte> link = stackalloc byte[TraceId.Bytes];
            span.Link.Trace.Write(link);
            statement.Bind((ReadOnlySpan<byte>)link);
        }

        statement.Bind((long)span.Link.Span).Run();
    }

    /// <summary>A row of <see cref="Columns"/>.</summary>
    public static TraceSpan Read(ISqlStatement row)
    {
        var duration = row.GetNumber(3);
        return new TraceSpan
        {
            Owner = new FunctionId(AccountId.Parse(row.GetText(16)), row.GetText(17)),
            StartedAt = TimeColumn.ToTime(row.GetNumber(2)),
            Duration = TimeSpan.FromTicks(Math.Max(0, duration)),
            IsOpen = duration == StillOpen,
            Parent = new TraceContext(
                TraceId.Read(row.GetBytes(4)), (ulong)row.GetNumber(6), row.GetNumber(10) != 0),
            Span = (ulong)row.GetNumber(5),
            Origin = (SpanOrigin)row.GetNumber(7),
            Kind = (SpanKind)row.GetNumber(8),
            Status = (SpanStatus)row.GetNumber(9),
            Name = row.GetText(11),
            Version = row.GetText(12),
            Detail = row.GetText(13),
            Link = row.IsNull(14)
                ? default
                : new TraceContext(TraceId.Read(row.GetBytes(14)), (ulong)row.GetNumber(15), true),
        };
    }
}
