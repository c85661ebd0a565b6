using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>Groups of errors of an account, and what is said of them.</summary>
public sealed class ErrorGroupStore
{
    private static readonly SqlText ListSql = new($"""
        SELECT {ErrorGroupRows.Columns} FROM error_groups WHERE account_id = $1
            AND ($2 < 0 OR status = $2) AND last_seen >= $3
            AND ($4 = '' OR EXISTS (SELECT 1 FROM error_versions v WHERE v.group_id = error_groups.group_id
                AND v.function_name = $4))
        ORDER BY CASE WHEN $5 = 1 THEN count ELSE last_seen END DESC, group_id DESC
        """);

    private static readonly SqlText HoursSql = new(
        "SELECT hour, count FROM error_hours WHERE group_id = $1 AND hour > $2");

    private static readonly SqlText VersionsSql = new("""
        SELECT function_name, version, first_seen, last_seen, count FROM error_versions WHERE group_id = $1
        ORDER BY last_seen DESC, function_name, version LIMIT 100
        """);

    private readonly SqliteReaderPool readers;
    private readonly TelemetryWriter writer;
    private readonly TimeProvider time;

    internal ErrorGroupStore(SqliteReaderPool readers, TelemetryWriter writer, TimeProvider time)
    {
        (this.readers, this.writer, this.time) = (readers, writer, time);
        writer.ErrorsAnnounced += () => Announced?.Invoke();
    }

    /// <summary>
    /// There are new announcements. Called on the telemetry's own thread: do next to nothing.
    /// </summary>
    public event Action? Announced;

    /// <summary>
    /// New and re-opened groups that nobody was told of yet, in order. They are written with their groups, and stay
    /// until <see cref="AcknowledgeAsync"/>, also over a restart.
    /// </summary>
    public IReadOnlyList<ErrorAnnouncement> ListAnnouncements(int countMax) =>
        readers.Read(session => ErrorAnnouncementRows.List(session, countMax));

    /// <summary>It is written down elsewhere that this is told.</summary>
    /// <exception cref="Kernel.Storage.StoreException">It could not be written: it is announced once more.</exception>
    public Task AcknowledgeAsync(ErrorAnnouncement announcement) => writer.RunAsync(connection =>
        TelemetryRetention.InTransaction(connection, session =>
        {
            ErrorAnnouncementRows.Delete(session, announcement.Number);
            return 0;
        }));

    /// <returns>A page, and the id that names the next one; an error when the page before is not known.</returns>
    public Result<TelemetryPage<ErrorGroup>> List(ErrorQuery query) => readers.Read<Result<TelemetryPage<ErrorGroup>>>(
        session =>
        {
            var all = Find(session, query);
            var start = query.After is { } after ? all.FindIndex(group => group.Name == after) + 1 : 0;
            if (start == 0 && query.After is not null)
            {
                return new Error(ErrorCode.InvalidParameter, "The cursor is not one of ours.", "cursor");
            }

            var page = all.Skip(start).Take(query.Limit).ToList();
            return new TelemetryPage<ErrorGroup>(
                [.. page.Select(group => Describe(session, group, query.Hours))],
                start + page.Count < all.Count && page.Count > 0 ? page[^1].Name : null);
        });

    /// <summary>The group of an account with its samples, the newest first; null for an id that it has not.</summary>
    public (ErrorGroup Group, IReadOnlyList<ErrorSample> Samples)? Get(AccountId account, string id, int hours) =>
        readers.Read<(ErrorGroup, IReadOnlyList<ErrorSample>)?>(
            session => ErrorGroupRows.Get(session, account, id) is { } group
                ? (Describe(session, group, hours), ErrorSampleRows.List(session, group.Id))
                : null);

    /// <summary>Sets what holds for a group from now on.</summary>
    /// <returns>False when the account has none of the name.</returns>
    public async Task<bool> SetStateAsync(AccountId account, string id, ErrorGroupState state)
    {
        var (found, isDone) = (false, false);
        await writer.RunAsync(connection =>
        {
            if (isDone)
            {
                return 0;
            }

            isDone = true;
            TelemetryRetention.InTransaction(connection, session =>
            {
                if (ErrorGroupRows.Get(session, account, id) is { } group)
                {
                    ErrorGroupRows.SetState(session, group.Id, state);
                    found = true;
                }

                return 0;
            });
            return 0;
        });
        return found;
    }

    private static List<ErrorGroupRow> Find(ISqlSession session, ErrorQuery query)
    {
        using var rows = session.Prepare(ListSql)
            .Bind(query.Account.Value)
            .Bind(query.Status is { } status ? (long)status : -1)
            .Bind(query.Since is { } since ? TimeColumn.FromTime(since) : long.MinValue)
            .Bind(query.Function ?? "")
            .Bind(query.MostFrequentFirst ? 1 : 0);
        return rows.ReadAll(ErrorGroupRows.Read);
    }

    private ErrorGroup Describe(ISqlSession session, ErrorGroupRow group, int hours)
    {
        var first = ErrorGroupRows.HourOf(time.GetUtcNow()) - hours;
        var counts = new long[hours];
        using (var rows = session.Prepare(HoursSql).Bind(group.Id).Bind(first))
        {
            foreach (var (hour, count) in rows.ReadAll(row => (row.GetNumber(0), row.GetNumber(1))))
            {
                // A call may have begun on a clock that is ahead.
                counts[Math.Min(hour - first, hours) - 1] += count;
            }
        }

        using var versions = session.Prepare(VersionsSql).Bind(group.Id);
        return new ErrorGroup(
            group.Name,
            group.Kind,
            group.Type,
            group.Message,
            group.Culprit,
            group.FirstSeen,
            group.LastSeen,
            group.Count,
            group.State,
            counts,
            versions.ReadAll(row => new ErrorVersion(
                row.GetText(0),
                row.GetText(1),
                TimeColumn.ToTime(row.GetNumber(2)),
                TimeColumn.ToTime(row.GetNumber(3)),
                row.GetNumber(4))));
    }
}
