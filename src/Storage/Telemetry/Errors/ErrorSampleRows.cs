using System.Text;
using Lambent.Kernel.Errors;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>The occurrences of a group that are kept whole.</summary>
internal static class ErrorSampleRows
{
    private static readonly SqlText PutSql = new("""
        INSERT INTO error_samples (group_id, number, seen_at, function_name, version, code_digest, request_id, kind,
            language, type, message, stack)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """);

    private static readonly SqlText NumbersSql = new(
        "SELECT sample_id, number FROM error_samples WHERE group_id = $1");

    private static readonly SqlText DeleteSql = new("DELETE FROM error_samples WHERE sample_id = $1");

    private static readonly SqlText ListSql = new("""
        SELECT number, seen_at, function_name, version, code_digest, request_id, kind, language, type, message, stack
        FROM error_samples WHERE group_id = $1 ORDER BY number DESC
        """);

    /// <param name="group">As it was before this batch.</param>
    public static void Put(ISqlSession session, ErrorDelta delta, ErrorGroupRow group)
    {
        var count = group.Count + delta.Count;
        foreach (var (place, occurrence) in delta.Samples)
        {
            if (SampleRule.IsKept(group.Count + place, count))
            {
                Put(session, group.Id, group.Count + place, occurrence);
            }
        }

        List<(long Id, long Number)> kept;
        using (var rows = session.Prepare(NumbersSql).Bind(group.Id))
        {
            kept = rows.ReadAll(row => (row.GetNumber(0), row.GetNumber(1)));
        }

        foreach (var (id, _) in kept.Where(sample => !SampleRule.IsKept(sample.Number, count)))
        {
            using var statement = session.Prepare(DeleteSql).Bind(id);
            statement.Run();
        }
    }

    public static List<ErrorSample> List(ISqlSession session, long group)
    {
        using var rows = session.Prepare(ListSql).Bind(group);
        return rows.ReadAll(row => new ErrorSample(
            row.GetNumber(0),
            TimeColumn.ToTime(row.GetNumber(1)),
            row.GetText(2),
            row.GetText(3),
            row.GetText(4),
            TelemetryRow.UnpackRequestId(row.GetBytes(5)),
            (ErrorKind)row.GetNumber(6),
            row.GetText(8),
            row.GetText(9),
            row.GetText(10)));
    }

    private static void Put(ISqlSession session, long group, long number, ErrorOccurrence occurrence)
    {
        Span<byte> id = stackalloc byte[TelemetryRow.PackedIdBytes];
        using var statement = session.Prepare(PutSql)
            .Bind(group)
            .Bind(number)
            .Bind(TimeColumn.FromTime(occurrence.At))
            .Bind(occurrence.Function.Name)
            .Bind(occurrence.Version)
            .Bind(occurrence.Specification?.Code.Digest ?? "")
            .Bind(occurrence.RequestId is null ? [] : TelemetryRow.PackRequestId(occurrence.RequestId, id))
            .Bind((long)occurrence.Report.Kind)
            .Bind((long)occurrence.Report.Language)
            .Bind(occurrence.Report.Type)
            .BindText(Encoding.UTF8.GetBytes(occurrence.Report.Message))
            .BindText(Encoding.UTF8.GetBytes(occurrence.Report.Stack));
        statement.Run();
    }
}
