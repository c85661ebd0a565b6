using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Values;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>Finds the group of errors, or makes it, and adds to it; all within the writer's transaction.</summary>
internal static class ErrorGroupWriter
{
    /// <summary>The family of the group that takes what has no group of its own.</summary>
    private static readonly byte[] Overflow = new byte[ErrorFingerprint.FamilyBytes];

    private static readonly SqlText CandidatesSql = new($"""
        SELECT {ErrorGroupRows.Columns} FROM error_groups WHERE account_id = $1 AND family = $2 ORDER BY group_id
        """);

    private static readonly SqlText CountSql = new("SELECT COUNT(*) FROM error_groups WHERE account_id = $1");

    private static readonly SqlText OldestResolvedSql = new("""
        SELECT group_id FROM error_groups WHERE account_id = $1 AND status = 1 ORDER BY last_seen LIMIT 1
        """);

    private static readonly SqlText InsertSql = new("""
        INSERT INTO error_groups (account_id, family, culprits, kind, type, message, culprit, first_seen, last_seen,
            count, status, changed_at, resolved_function, resolved_version, reopened_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, '', 0, '')
        RETURNING group_id
        """);

    private static readonly SqlText AddSql = new("""
        UPDATE error_groups SET count = count + $1, first_seen = MIN(first_seen, $2), last_seen = MAX(last_seen, $3),
            culprits = $4
        WHERE group_id = $5
        """);

    private static readonly SqlText HourSql = new("""
        INSERT INTO error_hours (group_id, hour, count) VALUES ($1, $2, $3)
        ON CONFLICT (group_id, hour) DO UPDATE SET count = count + excluded.count
        """);

    private static readonly SqlText VersionSql = new("""
        INSERT INTO error_versions (group_id, function_name, version, first_seen, last_seen, count)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (group_id, function_name, version) DO UPDATE SET count = count + excluded.count,
            first_seen = MIN(first_seen, excluded.first_seen), last_seen = MAX(last_seen, excluded.last_seen)
        """);

    private static readonly SqlText LinkSql = new("UPDATE stored_calls SET group_id = $1 WHERE call_id = $2");

    /// <returns>What people should hear of; null when it is no news.</returns>
    public static ErrorGroupChange? Write(ISqlSession session, ErrorDelta delta, DateTimeOffset now)
    {
        var group = Find(session, delta);
        var isNew = group is null && delta.FirstOccurrence is not null;
        group ??= isNew ? Create(session, delta) : null;
        if (group is null)
        {
            // Counted before, and its group is gone meanwhile.
            return null;
        }

        // The group for what has none may be there already.
        isNew = isNew && group.Count == 0;
        Link(session, delta, group.Id);
        if (delta.FirstOccurrence is not { } first)
        {
            return null;
        }

        Add(session, delta, group);
        ErrorSampleRows.Put(session, delta, group);
        var reopening = delta.Reopening(group.State);
        if (reopening is not null)
        {
            ErrorGroupRows.SetState(
                session,
                group.Id,
                ErrorGroupState.Reopened(now, reopening.Function.Name, reopening.Version));
        }

        var seen = reopening ?? first;
        return isNew || reopening is not null
            ? new ErrorGroupChange(
                seen.Function, seen.Version, group.Name, !isNew, group.Type, group.Message, group.Culprit,
                seen.RequestId, seen.At)
            : null;
    }

    /// <summary>
    /// Of the family's groups the one whose culprit in this language is the same, or the first that has none in it yet.
    /// </summary>
    private static ErrorGroupRow? Find(ISqlSession session, ErrorDelta delta)
    {
        using var rows = session.Prepare(CandidatesSql).Bind(delta.Account.Value).Bind(delta.Fingerprint.Family);
        var candidates = rows.ReadAll(ErrorGroupRows.Read);
        var (language, culprit) = (KeyOf(delta.Fingerprint.Language), delta.Fingerprint.Culprit);
        return candidates.Find(group => group.Culprits[language] is DataText known && known.Value == culprit)
            ?? candidates.Find(group => culprit.Length == 0 || group.Culprits[language] is null)
            ?? (candidates.Count >= Limits.ErrorGroupsOfFamilyMax ? candidates[0] : null);
    }

    private static ErrorGroupRow Create(ISqlSession session, ErrorDelta delta)
    {
        if (Count(session, delta.Account) < Limits.ErrorGroupsMax || MakeRoom(session, delta.Account))
        {
            return Insert(session, delta, delta.Fingerprint.Family, delta.FirstOccurrence!.Report);
        }

        using var rows = session.Prepare(CandidatesSql).Bind(delta.Account.Value).Bind(Overflow);
        return rows.ReadAll(ErrorGroupRows.Read) is [var overflow, ..]
            ? overflow
            : Insert(session, delta, Overflow, ErrorReport.Create(
                ErrorKind.Logged,
                "Overflow",
                $"Errors beyond the limit of {Limits.ErrorGroupsMax} groups; resolve some to make room.",
                []));
    }

    private static ErrorGroupRow Insert(ISqlSession session, ErrorDelta delta, byte[] family, ErrorReport report)
    {
        using (var statement = session.Prepare(InsertSql)
            .Bind(delta.Account.Value)
            .Bind(family)
            .Bind("{}")
            .Bind((long)report.Kind)
            .Bind(report.Type)
            .Bind(report.Message)
            .Bind(report.Culprit?.Describe() ?? "")
            .Bind(TimeColumn.FromTime(delta.First))
            .Bind(TimeColumn.FromTime(delta.Last)))
        {
            statement.Read();
        }

        using var rows = session.Prepare(CandidatesSql).Bind(delta.Account.Value).Bind(family);
        return rows.ReadAll(ErrorGroupRows.Read)[^1];
    }

    private static void Add(ISqlSession session, ErrorDelta delta, ErrorGroupRow group)
    {
        var (language, culprit) = (KeyOf(delta.Fingerprint.Language), delta.Fingerprint.Culprit);
        var isOverflow = group.Family.AsSpan().SequenceEqual(Overflow);
        var culprits = isOverflow || culprit.Length == 0 || group.Culprits[language] is not null
            ? group.Culprits
            : group.Culprits.With(language, culprit);
        using (var statement = session.Prepare(AddSql)
            .Bind(delta.Count)
            .Bind(TimeColumn.FromTime(delta.First))
            .Bind(TimeColumn.FromTime(delta.Last))
            .Bind(culprits.ToString())
            .Bind(group.Id))
        {
            statement.Run();
        }

        foreach (var (hour, count) in delta.Hours)
        {
            using var statement = session.Prepare(HourSql).Bind(group.Id).Bind(hour).Bind(count);
            statement.Run();
        }

        foreach (var ((function, version), seen) in delta.Versions)
        {
            using var statement = session.Prepare(VersionSql)
                .Bind(group.Id)
                .Bind(function)
                .Bind(version)
                .Bind(TimeColumn.FromTime(seen.First))
                .Bind(TimeColumn.FromTime(seen.Last.At))
                .Bind(seen.Count);
            statement.Run();
        }
    }

    private static void Link(ISqlSession session, ErrorDelta delta, long group)
    {
        foreach (var call in delta.StoredCalls)
        {
            using var statement = session.Prepare(LinkSql).Bind(group).Bind(call);
            statement.Run();
        }
    }

    private static long Count(ISqlSession session, AccountId account)
    {
        using var rows = session.Prepare(CountSql).Bind(account.Value);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    private static bool MakeRoom(ISqlSession session, AccountId account)
    {
        long oldest;
        using (var rows = session.Prepare(OldestResolvedSql).Bind(account.Value))
        {
            if (!rows.Read())
            {
                return false;
            }

            oldest = rows.GetNumber(0);
        }

        ErrorGroupRows.Delete(session, oldest);
        return true;
    }

    private static string KeyOf(ErrorLanguage language) => ((int)language).ToString(CultureInfo.InvariantCulture);
}
