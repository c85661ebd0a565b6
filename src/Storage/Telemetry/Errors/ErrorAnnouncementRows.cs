using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Functions;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>A change of a group that nobody was told of yet.</summary>
/// <param name="Number">Of its row.</param>
/// <param name="NoticedAt">When it was written; with the change it names the announcement.</param>
public sealed record ErrorAnnouncement(long Number, ErrorGroupChange Change, DateTimeOffset NoticedAt);

/// <summary>Changes of groups until they are told. They are written in the
/// transaction that changes the group.</summary>
internal static class ErrorAnnouncementRows
{
    private static readonly SqlText PutSql = new("""
        INSERT INTO error_announcements (account_id, function_name, version, group_name, is_reopened, type, message,
            culprit, request_id, seen_at, noticed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """);

    private static readonly SqlText ListSql = new("""
        SELECT announcement_id, account_id, function_name, version, group_name, is_reopened, type, message, culprit,
            request_id, seen_at, noticed_at
        FROM error_announcements ORDER BY announcement_id LIMIT $1
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM error_announcements WHERE announcement_id = $1");
    private static readonly SqlText OldSql = new("DELETE FROM error_announcements WHERE noticed_at < $1");
    private static readonly SqlText ForgetSql = new("DELETE FROM error_announcements WHERE account_id = $1");

    public static void Put(ISqlSession session, ErrorGroupChange change, DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[TelemetryRow.PackedIdBytes];
        using var statement = session.Prepare(PutSql)
            .Bind(change.Function.Account.Value)
            .Bind(change.Function.Name)
            .Bind(change.Version)
            .Bind(change.GroupId)
            .Bind(change.IsReopened ? 1 : 0)
            .Bind(change.Type)
            .BindText(Encoding.UTF8.GetBytes(change.Message))
            .Bind(change.Culprit)
            .Bind(change.RequestId is null ? [] : TelemetryRow.PackRequestId(change.RequestId, id))
            .Bind(TimeColumn.FromTime(change.At))
            .Bind(TimeColumn.FromTime(now));
        statement.Run();
    }

    public static List<ErrorAnnouncement> List(ISqlSession session, int countMax)
    {
        using var rows = session.Prepare(ListSql).Bind(countMax);
        return rows.ReadAll(row => new ErrorAnnouncement(
            row.GetNumber(0),
            new ErrorGroupChange(
                new FunctionId(AccountId.Parse(row.GetText(1)), row.GetText(2)),
                row.GetText(3),
                row.GetText(4),
                row.GetNumber(5) != 0,
                row.GetText(6),
                row.GetText(7),
                row.GetText(8),
                TelemetryRow.UnpackRequestId(row.GetBytes(9)),
                TimeColumn.ToTime(row.GetNumber(10))),
            TimeColumn.ToTime(row.GetNumber(11))));
    }

    public static void Delete(ISqlSession session, long number)
    {
        using var statement = session.Prepare(DeleteSql).Bind(number);
        statement.Run();
    }

    /// <summary>What nobody could be told of for so long is no news any more.</summary>
    public static void Prune(ISqlSession session, DateTimeOffset before)
    {
        using var statement = session.Prepare(OldSql).Bind(TimeColumn.FromTime(before));
        statement.Run();
    }

    public static void Forget(ISqlSession session, AccountId account)
    {
        using var statement = session.Prepare(ForgetSql).Bind(account.Value);
        statement.Run();
    }
}
