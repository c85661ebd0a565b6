using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Telemetry.Calls;
using Lambent.Storage.Telemetry.Errors;

namespace Lambent.Storage.Telemetry;

/// <summary>The thread that writes telemetry in batches. What it cannot write it counts and lets go.</summary>
internal sealed class TelemetryWriter : IDisposable
{
    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");
    private static readonly SqlText Rollback = new("ROLLBACK");

    private readonly string path;
    private readonly TelemetryQueue queue;
    private readonly TailList tails;
    private readonly Thread thread;
    private readonly Dictionary<FunctionId, long> sources = [];
    private readonly LogStreamRows streams = new();
    private readonly StoredCallRows calls;
    private readonly ErrorBatch errors = new();
    private readonly TimeProvider time;
    private readonly ReleaseRows releases = new();
    private readonly ConcurrentQueue<Chore> chores = new();
    private SqliteConnection? connection;
    private long itemsFailed;

    public TelemetryWriter(
        TelemetryOptions options,
        SqliteConnection connection,
        TelemetryQueue queue,
        TailList tails,
        TimeProvider time)
    {
        path = options.Path;
        calls = new StoredCallRows(options.MasksSecrets);
        this.time = time;
        this.connection = connection;
        this.queue = queue;
        this.tails = tails;
        thread = new Thread(RunQueue) { IsBackground = true, Name = "Lambent telemetry writer" };
        thread.Start();
    }

    /// <summary>Called on the writer's thread after a batch can be read.</summary>
    public event Action? Written;

    /// <summary>Called on the writer's thread when there is news of errors, which is on disk by then.</summary>
    public event Action? ErrorsAnnounced;

    public long ItemsFailed => Volatile.Read(ref itemsFailed);

    /// <summary>Repeats a step between batches until it returns 0.</summary>
    /// <returns>The sum of what the steps returned.</returns>
    public Task<long> RunAsync(Func<SqliteConnection, int> step)
    {
        var chore = new Chore(step);
        chores.Enqueue(chore);
        queue.Wake();
        return chore.Done.Task;
    }

    /// <summary>Waits until the closed queue is worked off.</summary>
    public void Dispose()
    {
        thread.Join();
        while (chores.TryDequeue(out var chore))
        {
            chore.Done.TrySetException(new StoreException(ErrorCode.StoreUnavailable, "The telemetry is closed."));
        }

        connection?.Dispose();
    }

    private void RunQueue()
    {
        var batch = new List<object>();
        var flushed = new List<TaskCompletionSource>();
        while (queue.Take(ref batch, mayWait: chores.IsEmpty, flushed))
        {
            if (batch.Count > 0)
            {
                tails.Publish(batch);
                WriteBatch(batch);
                batch.Clear();
            }

            flushed.ForEach(flush => flush.TrySetResult());
            flushed.Clear();
            if (chores.TryPeek(out var chore) && RunStep(chore))
            {
                chores.TryDequeue(out _);
            }
        }
    }

    private void WriteBatch(List<object> batch)
    {
        try
        {
            connection ??= SqliteConnection.Open(path, SqliteAccess.RelaxedWriter);
            connection.Run(Begin);
            var session = new SqliteSession(connection, readOnly: false);
            foreach (var item in batch)
            {
                Put(session, item);
            }

            streams.Write(session);
            errors.Write(session, time.GetUtcNow());
            connection.Run(Commit);
            if (errors.TakeAnnounced())
            {
                ErrorsAnnounced?.Invoke();
            }

            Written?.Invoke();
        }
        catch (Exception)
        {
            // Whatever it is, calls matter more than their logs: it is counted, and the next batch is tried.
            Volatile.Write(ref itemsFailed, itemsFailed + batch.Count);
            Recover();
        }
        finally
        {
            foreach (var item in batch)
            {
                (item as InvocationRecord)?.Copy?.Dispose();
            }
        }
    }

    private void Put(SqliteSession session, object item)
    {
        if (item is LogLine line)
        {
            var at = TimeColumn.FromTime(line.Time);
            var source = FindSource(session, line.Function, at);
            var level = TelemetryRow.Put(session, source, line);
            if (ErrorReader.ReadLog(line.Text, level) is { } report)
            {
                errors.Add(new ErrorOccurrence(
                    line.Function, line.Version, line.RequestId, line.Time, line.Specification, report, 0));
            }

            streams.Add(source, line.Function, line.Version, line.EnvironmentId, at, at);
        }
        else if (item is TraceSpan span)
        {
            var owner = SpanRows.IsOther(span.Owner)
                ? FindOwner(session, span.Owner)
                : FindSource(session, span.Owner, TimeColumn.FromTime(span.StartedAt));
            SpanRows.Put(session, owner, span);
        }
        else
        {
            var record = (InvocationRecord)item;
            var at = TimeColumn.FromTime(record.StartedAt);
            var source = FindSource(session, record.Function, at);
            TelemetryRow.Put(session, source, releases.Find(session, source, record), record);
            streams.Add(
                source, record.Function, record.Version, record.EnvironmentId, at, at + record.Duration.Ticks);
            if (record.Copy is { } copy)
            {
                Put(session, source, record, copy);
            }
        }
    }

    private void Put(SqliteSession session, long source, InvocationRecord record, CallCopy copy)
    {
        var output = calls.MaskedOutput(copy);
        var row = copy.IsKept ? calls.Put(session, source, record, copy, output) : 0;
        if (record.Outcome != OutcomeKind.Success)
        {
            errors.Add(new ErrorOccurrence(
                record.Function,
                record.Version,
                record.RequestId,
                record.StartedAt,
                copy.Specification,
                ErrorReader.ReadAnswer(output.Span, record.Outcome),
                row));
        }
    }

    private long FindSource(SqliteSession session, FunctionId function, long time)
    {
        if (!sources.TryGetValue(function, out var source))
        {
            source = TelemetryRow.PutSource(session, function, time);
            sources.Add(function, source);
        }

        return source;
    }

    private long FindOwner(SqliteSession session, FunctionId owner)
    {
        if (!sources.TryGetValue(owner, out var source))
        {
            source = SpanRows.PutOwner(session, owner);
            sources.Add(owner, source);
        }

        return source;
    }

    /// <returns>True when the chore is over.</returns>
    private bool RunStep(Chore chore)
    {
        try
        {
            connection ??= SqliteConnection.Open(path, SqliteAccess.RelaxedWriter);
            var done = chore.Step(connection);
            chore.Sum += done;
            if (done > 0)
            {
                return false;
            }

            // It may have removed a function's row.
            sources.Clear();
            releases.Forget();
            chore.Done.TrySetResult(chore.Sum);
        }
        catch (SqliteException failure)
        {
            Recover();
            chore.Done.TrySetException(failure.TryTranslate(path, out var translated) ? translated : failure);
        }

        return true;
    }

    private void Recover()
    {
        // Rows of functions that the lost transaction brought are gone with it.
        sources.Clear();
        streams.Forget();
        errors.Forget();
        releases.Forget();
        try
        {
            if (connection is { InTransaction: true })
            {
                connection.Run(Rollback);
            }
        }
        catch (SqliteException)
        {
            connection?.Dispose();
            connection = null;
        }
    }

    private sealed class Chore(Func<SqliteConnection, int> step)
    {
        public Func<SqliteConnection, int> Step { get; } = step;

        public long Sum { get; set; }

        public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
