using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Scaling;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Storage.Disk;
using Lambent.Storage.Migrations;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Telemetry.Calls;
using Lambent.Storage.Telemetry.Errors;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Logs and records of calls, in a database of their own so that a flood of them delays no durable write. They are
/// written in batches, may be lost with the power, and are dropped and counted rather than waited for.
/// </summary>
public sealed class TelemetryStore : ITelemetrySink, ISpanSink, IDisposable
{
    private const int ReadersMax = 8;

    private readonly TelemetryQueue queue;
    private readonly TailList tails = new();
    private readonly TelemetryWriter writer;
    private readonly SqliteReaderPool readers;
    private readonly TimeProvider time;

    private TelemetryStore(TelemetryOptions options, SqliteConnection connection, TimeProvider time)
    {
        this.time = time;
        readers = new SqliteReaderPool(options.Path, ReadersMax);
        queue = new TelemetryQueue(options, time);
        writer = new TelemetryWriter(options, connection, queue, tails, time);
        Groups = new LogGroupStore(readers, writer, time);
        Exports = new LogExportStore(readers, writer);
        Errors = new ErrorGroupStore(readers, writer, time);
        Calls = new CallStore(readers);
        Traces = new TraceStore(readers);
        Metrics = new MetricStore(readers, writer, time);
    }

    /// <summary>Where a damaged database was put aside when this one was opened in its place, or null.</summary>
    public string? DamagedCopyPath { get; private init; }

    /// <summary>Log groups and streams.</summary>
    public LogGroupStore Groups { get; }

    /// <summary>Lines in the order they were written, for those who send them on.</summary>
    public LogExportStore Exports { get; }

    /// <summary>Errors in groups.</summary>
    public ErrorGroupStore Errors { get; }

    /// <summary>Calls with their events and answers.</summary>
    public CallStore Calls { get; }

    /// <summary>Traces and their spans.</summary>
    public TraceStore Traces { get; }

    /// <summary>What is counted and measured, minute by minute.</summary>
    public MetricStore Metrics { get; }

    public TelemetryCounters Counters => queue.Count(writer.ItemsFailed);

    /// <summary>
    /// Opens the database, or creates it. A damaged one is put aside and replaced by an empty one, because calls
    /// matter more than their logs.
    /// </summary>
    /// <exception cref="StoreException">SQLite is missing, or the file comes from a newer program.</exception>
    public static TelemetryStore Open(TelemetryOptions options, TimeProvider time)
    {
        try
        {
            var damagedCopy = default(string);
            SqliteConnection connection;
            try
            {
                connection = OpenConnection(options.Path, time);
            }
            catch (SqliteException damaged) when (damaged.IsCorruption)
            {
                damagedCopy = PutAside(options.Path);
                connection = OpenConnection(options.Path, time);
            }

            return new TelemetryStore(options, connection, time) { DamagedCopyPath = damagedCopy };
        }
        catch (SqliteException failure) when (failure.TryTranslate(options.Path, out var translated))
        {
            throw translated;
        }
    }

    public void Record(InvocationRecord record) => queue.Add(record);

    public bool Wants(FunctionId function, int bytes) => queue.WantsLine(function, bytes);

    public void Write(LogLine line) => queue.Add(line);

    public void Drop(FunctionId function, long lines, long bytes) => queue.Drop(function, lines, bytes);

    public bool Add(TraceSpan span) => queue.Add(span);

    /// <returns>False when there was no room: the account, or the source, writes more than it may.</returns>
    public bool TryWrite(LogLine line) => queue.Add(line);

    /// <summary>Lines of an account that were dropped since the start.</summary>
    public LogDrops DroppedOf(AccountId account) => queue.DroppedOf(account);

    public TelemetryUsage ReadUsage() => readers.Read(TelemetryRetention.Usage);

    /// <summary>Completes when everything handed over before can be read.</summary>
    public Task FlushAsync() => queue.FlushAsync();

    /// <summary>A log with the platform's START, END and REPORT lines in their places.</summary>
    public Result<TelemetryPage<LogEntry>> ReadLog(TelemetryQuery query) =>
        readers.Read(session => TelemetryReader.ReadLog(session, query, time.GetUtcNow()));

    /// <summary>How far back a log goes, whatever is looked for in it; null when it is empty.</summary>
    public DateTimeOffset? FindOldest(TelemetryQuery query) =>
        readers.Read(session => TelemetryReader.Oldest(session, query, time.GetUtcNow()));

    /// <summary>Calls by the time they started.</summary>
    public Result<TelemetryPage<InvocationRecord>> ListInvocations(TelemetryQuery query) =>
        readers.Read(session => TelemetryReader.ListInvocations(session, query));

    /// <summary>Follows a log from now on.</summary>
    /// <param name="function">A function's name, or null for all of the account.</param>
    /// <param name="requestId">One call, or null for all.</param>
    /// <param name="entriesMax">Entries kept for a slow reader.</param>
    public LogTail Follow(
        AccountId account, string? function = null, string? requestId = null, int entriesMax = 4_096) =>
        Follow(new TelemetryQuery { Account = account, Function = function, RequestId = requestId }, entriesMax);

    /// <summary>Follows from now on what a query asks for; times and paging do not count.</summary>
    /// <param name="entriesMax">Entries kept for a slow reader.</param>
    public LogTail Follow(TelemetryQuery query, int entriesMax = 4_096)
    {
        var tail = new LogTail(tails, query, entriesMax);
        tails.Add(tail);
        return tail;
    }

    /// <summary>Removes what is older than a time, then the oldest until the rest fits into the bytes.</summary>
    /// <returns>The number of lines and records removed.</returns>
    public Task<long> PruneAsync(DateTimeOffset before, long bytesMax = Limits.LogBytesMax) =>
        writer.RunAsync(connection => TelemetryRetention.Prune(connection, before, bytesMax, time.GetUtcNow()));

    /// <summary>Removes stored calls beyond an age and a size, and groups of errors not seen for long.</summary>
    /// <returns>The number of calls and groups removed.</returns>
    public Task<long> PruneCallsAsync(DateTimeOffset before, long bytesMax) => writer.RunAsync(
        connection => TelemetryRetention.PruneCalls(connection, before, bytesMax, time.GetUtcNow()));

    /// <summary>Removes all of an account, for when the account is deleted.</summary>
    /// <returns>The number of lines and records removed.</returns>
    public Task<long> ForgetAsync(AccountId account) =>
        writer.RunAsync(connection => TelemetryRetention.Forget(connection, account));

    /// <summary>Keeps histories of calls; an empty one is removed. They may be lost with the power.</summary>
    /// <exception cref="StoreException">They could not be written, or not all of them.</exception>
    public Task RememberAsync(IEnumerable<RememberedDemand> histories)
    {
        var rows = new Queue<RememberedDemand>(histories);
        var updatedAt = TimeColumn.FromTime(time.GetUtcNow());
        return writer.RunAsync(connection => DemandRows.Put(connection, rows, updatedAt));
    }

    /// <summary>Removes the histories of a function, for when it is deleted.</summary>
    /// <exception cref="StoreException">They could not be removed.</exception>
    public Task ForgetAsync(FunctionId function) => writer.RunAsync(connection =>
    {
        DemandRows.Forget(connection, function);
        return 0;
    });

    /// <summary>
    /// What <see cref="RememberAsync"/> kept, at most <see cref="Limits.DemandHistoriesMax"/>, the one changed last at
    /// the end.
    /// </summary>
    public IReadOnlyList<RememberedDemand> ListRemembered() => readers.Read(DemandRows.List);

    /// <summary>
    /// Keeps decisions, of each owner the newest <see cref="Limits.DecisionsOfOneMax"/>, for
    /// <see cref="Limits.DecisionRetention"/>. They may be lost with the power.
    /// </summary>
    /// <param name="decisions">What was written is taken out.</param>
    /// <exception cref="StoreException">They could not be written, or not all of them.</exception>
    public Task KeepDecisionsAsync(Queue<KeptDecision> decisions)
    {
        var before = time.GetUtcNow() - Limits.DecisionRetention;
        return writer.RunAsync(connection => DecisionRows.Put(connection, decisions, before));
    }

    /// <summary>Decisions about a function, about what feeds it, and about a source of this name, in order.</summary>
    public IReadOnlyList<KeptDecision> ListDecisions(AccountId account, string name) =>
        readers.Read(session => DecisionRows.List(session, account, name));

    /// <summary>The number of the last decision of each owner.</summary>
    public IReadOnlyList<(DecisionOwner Owner, long Number)> LastDecisionNumbers() =>
        readers.Read(DecisionRows.LastNumbers);

    /// <summary>Removes the decisions about a function, for when it is deleted.</summary>
    /// <exception cref="StoreException">They could not be removed.</exception>
    public Task ForgetDecisionsAsync(FunctionId function) => writer.RunAsync(connection =>
    {
        DecisionRows.Forget(connection, function);
        return 0;
    });

    /// <summary>Writes what was accepted and closes the file.</summary>
    public void Dispose()
    {
        queue.Close();
        writer.Dispose();
        tails.Close();
        readers.Dispose();
    }

    private static SqliteConnection OpenConnection(string path, TimeProvider time)
    {
        DataFolder.CreatePrivateFile(path);
        var connection = SqliteConnection.Open(path, SqliteAccess.RelaxedWriter);
        try
        {
            new Migrator(connection, time).Run(MigrationList.Telemetry);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string PutAside(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, path + ".damaged" + suffix, overwrite: true);
            }
        }

        return path + ".damaged";
    }
}
