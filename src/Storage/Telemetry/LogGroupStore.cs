using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>Log groups and streams as people see and change them. A change is over when it can be read.</summary>
public sealed class LogGroupStore
{
    private const string GroupColumns = "function_name, created_at, retention_days, tags";
    private const string StreamColumns = "name, environment_id, created_at, first_time, last_time";

    private static readonly SqlText ListSql = new(
        $"SELECT {GroupColumns} FROM sources WHERE account_id = $1 AND is_listed = 1");

    private static readonly SqlText FindSql = new($"""
        SELECT {GroupColumns}, source_id FROM sources WHERE account_id = $1 AND function_name = $2 AND is_listed = 1
        """);

    private static readonly SqlText ChangeSql = new("""
        UPDATE sources SET retention_days = $1, tags = $2
        WHERE account_id = $3 AND function_name = $4 AND is_listed = 1
        """);

    private static readonly SqlText UnlistSql = new("""
        UPDATE sources SET is_listed = 0, retention_days = 0, tags = '', cleared_at = $1
        WHERE account_id = $2 AND function_name = $3
        """);

    private static readonly SqlText StreamsSql = new($"""
        SELECT {StreamColumns} FROM log_streams
        WHERE source_id = $1 AND is_listed = 1 AND name >= $2 AND name < $3
        """);

    private static readonly SqlText FindStreamSql = new(
        $"SELECT {StreamColumns} FROM log_streams WHERE source_id = $1 AND name = $2 AND is_listed = 1");

    private static readonly SqlText UnlistStreamSql = new("""
        UPDATE log_streams SET is_listed = 0, cleared_at = $1 WHERE source_id = $2 AND environment_id = $3
        """);

    private static readonly SqlText DeleteStreamSql = new(
        "DELETE FROM log_streams WHERE source_id = $1 AND environment_id = $2");

    private static readonly SqlText DeleteStreamsSql = new("DELETE FROM log_streams WHERE source_id = $1");

    private readonly SqliteReaderPool readers;
    private readonly TelemetryWriter writer;
    private readonly TimeProvider time;

    internal LogGroupStore(SqliteReaderPool readers, TelemetryWriter writer, TimeProvider time) =>
        (this.readers, this.writer, this.time) = (readers, writer, time);

    /// <summary>All groups of an account by name.</summary>
    public IReadOnlyList<LogGroup> List(AccountId account) => readers.Read(session =>
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value);
        return rows.ReadAll(ReadGroup).OrderBy(group => group.Name, StringComparer.Ordinal).ToList();
    });

    public LogGroup? Find(AccountId account, string name) => readers.Read(session =>
    {
        using var rows = session.Prepare(FindSql).Bind(account.Value).Bind(LogSources.OfGroup(name));
        return rows.Read() ? ReadGroup(rows) : null;
    });

    /// <returns>False when it was there already.</returns>
    public async Task<bool> CreateAsync(AccountId account, string name, IReadOnlyDictionary<string, string> tags)
    {
        var created = false;
        await writer.RunAsync(connection =>
        {
            var session = new SqliteSession(connection, readOnly: false);
            using (new Transaction(connection))
            {
                using var rows = session.Prepare(FindSql).Bind(account.Value).Bind(LogSources.OfGroup(name));
                created = !rows.Read();
                if (created)
                {
                    TelemetryRow.PutSource(session, new(account, LogSources.OfGroup(name)), Now());
                }
            }

            return 0;
        });
        if (created && tags.Count > 0)
        {
            await ChangeAsync(account, name, group => group with { Tags = tags });
        }

        return created;
    }

    /// <summary>Changes retention and tags.</summary>
    /// <returns>False when there is no such group.</returns>
    public async Task<bool> ChangeAsync(AccountId account, string name, Func<LogGroup, LogGroup> change)
    {
        var found = false;
        var source = LogSources.OfGroup(name);
        await writer.RunAsync(connection =>
        {
            var session = new SqliteSession(connection, readOnly: false);
            using (new Transaction(connection))
            {
                LogGroup? before;
                using (var rows = session.Prepare(FindSql).Bind(account.Value).Bind(source))
                {
                    before = rows.Read() ? ReadGroup(rows) : null;
                }

                if (before is not null)
                {
                    var after = change(before);
                    using var statement = session.Prepare(ChangeSql)
                        .Bind(after.RetentionDays ?? 0)
                        .Bind(after.Tags.Count == 0 ? "" : JsonSerializer.Serialize(after.Tags))
                        .Bind(account.Value)
                        .Bind(source);
                    statement.Run();
                    found = true;
                }
            }

            return 0;
        });
        return found;
    }

    /// <summary>
    /// Removes a group with its lines. Records of a function's calls stay, but its log begins anew: with the next line
    /// the group is there again.
    /// </summary>
    /// <returns>False when there was no such group.</returns>
    public async Task<bool> DeleteAsync(AccountId account, string name)
    {
        var source = LogSources.OfGroup(name);
        if (FindSource(account, source) is not { } id)
        {
            return false;
        }

        var removal = new LogRemoval(id, null, connection =>
        {
            using var unlist = connection.Prepare(UnlistSql)
                .Bind(LogSources.IsFunction(source) ? Now() : 0).Bind(account.Value).Bind(source);
            unlist.Run();
            using var streams = connection.Prepare(DeleteStreamsSql).Bind(id);
            streams.Run();
        });
        await writer.RunAsync(removal.Step);
        return true;
    }

    /// <summary>The streams of a group whose names begin so, by name; null when there is no such group.</summary>
    public IReadOnlyList<LogStream>? ListStreams(AccountId account, string group, string prefix = "") =>
        readers.Read(session =>
        {
            if (FindSource(session, account, LogSources.OfGroup(group)) is not { } source)
            {
                return null;
            }

            using var rows = session.Prepare(StreamsSql).Bind(source).Bind(prefix).Bind(prefix + "\U0010FFFF");
            return rows.ReadAll(ReadStream).OrderBy(stream => stream.Name, StringComparer.Ordinal).ToList();
        });

    public LogStream? FindStream(AccountId account, string group, string name) => readers.Read(session =>
    {
        if (FindSource(session, account, LogSources.OfGroup(group)) is not { } source)
        {
            return null;
        }

        using var rows = session.Prepare(FindStreamSql).Bind(source).Bind(name);
        return rows.Read() ? ReadStream(rows) : null;
    });

    /// <summary>Makes an empty stream in a group that is there; nothing happens when the stream is there.</summary>
    public Task CreateStreamAsync(AccountId account, string group, string name) => writer.RunAsync(connection =>
    {
        var session = new SqliteSession(connection, readOnly: false);
        using (new Transaction(connection))
        {
            if (FindSource(session, account, LogSources.OfGroup(group)) is { } source)
            {
                LogStreamRows.Put(
                    session, source, name, new LogStreamRows.StreamTimes(name, Now(), long.MaxValue, long.MinValue));
            }
        }

        return 0;
    });

    /// <summary>Removes a stream with its lines.</summary>
    public async Task DeleteStreamAsync(AccountId account, string group, LogStream stream)
    {
        var name = LogSources.OfGroup(group);
        if (FindSource(account, name) is not { } source)
        {
            return;
        }

        var removal = new LogRemoval(source, stream.EnvironmentId, connection =>
        {
            var keepsRow = LogSources.IsFunction(name);
            using var statement = connection.Prepare(keepsRow ? UnlistStreamSql : DeleteStreamSql);
            if (keepsRow)
            {
                statement.Bind(Now());
            }

            statement.Bind(source).Bind(stream.EnvironmentId).Run();
        });
        await writer.RunAsync(removal.Step);
    }

    private static LogGroup ReadGroup(ISqlStatement row)
    {
        var days = (int)row.GetNumber(2);
        var tags = row.GetText(3);
        return new LogGroup(
            LogSources.ToGroup(row.GetText(0)),
            TimeColumn.ToTime(row.GetNumber(1)),
            days == 0 ? null : days,
            tags.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(tags) ?? []);
    }

    private static LogStream ReadStream(ISqlStatement row)
    {
        var (first, last) = (row.GetNumber(3), row.GetNumber(4));
        return new LogStream(
            row.GetText(0),
            row.GetText(1),
            TimeColumn.ToTime(row.GetNumber(2)),
            first > last ? null : TimeColumn.ToTime(first),
            first > last ? null : TimeColumn.ToTime(last));
    }

    private static long? FindSource(ISqlSession session, AccountId account, string source)
    {
        using var rows = session.Prepare(FindSql).Bind(account.Value).Bind(source);
        return rows.Read() ? rows.GetNumber(4) : null;
    }

    private long? FindSource(AccountId account, string source) =>
        readers.Read(session => FindSource(session, account, source));

    private long Now() => TimeColumn.FromTime(time.GetUtcNow());

    /// <summary>What is read and the one write that follows from it.</summary>
    private readonly struct Transaction : IDisposable
    {
        private readonly SqliteConnection connection;

        public Transaction(SqliteConnection connection)
        {
            this.connection = connection;
            connection.Execute("BEGIN IMMEDIATE");
        }

        public void Dispose()
        {
            if (connection.InTransaction)
            {
                connection.Execute("COMMIT");
            }
        }
    }
}
