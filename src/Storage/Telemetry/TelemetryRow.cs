using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Traces;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>How records and lines become rows.</summary>
internal static class TelemetryRow
{
    /// <summary>A line's text in the database, in bytes of UTF-8.</summary>
    public const int TextBytesMax = 256 * Limits.KiB;

    /// <summary>Columns of the table of invocations.</summary>
    public const int InvocationColumns = 24;

    /// <summary>A UUID behind the byte that says it is one.</summary>
    public const int PackedIdBytes = 17;

    private const byte TextTag = 0;
    private const byte GuidTag = 1;
    private const long NoDuration = -1;

    private static readonly SqlText SourceSql = new("""
        INSERT INTO sources (account_id, function_name, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, function_name) DO UPDATE SET is_listed = 1,
            created_at = CASE WHEN is_listed = 0 OR created_at = 0 THEN excluded.created_at ELSE created_at END
        RETURNING source_id
        """);

    private static readonly SqlText InvocationSql = new("""
        INSERT INTO invocations (source_id, started_at, ended_at, request_id, version, environment_id, init_duration,
            outcome, memory_megabytes, max_memory_used_megabytes, origin,
            queue_duration, place_duration, fetch_duration, start_duration, environment_use, came_from, replay_of,
            span_id, parent_span_id, is_sampled, trace_id, release_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23)
        """);

    private static readonly SqlText LineSql = new("""
        INSERT INTO log_lines (source_id, time, request_id, version, environment_id, text, level)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """);

    /// <param name="createdAt">When it is written to for the first time, as <see cref="TimeColumn"/> has it.</param>
    public static long PutSource(ISqlSession session, FunctionId function, long createdAt)
    {
        using var rows = session.Prepare(SourceSql).Bind(function.Account.Value).Bind(function.Name).Bind(createdAt);
        rows.Read();
        return rows.GetNumber(0);
    }

    public static void Put(ISqlSession session, long source, long release, InvocationRecord record)
    {
        Span<byte> id = stackalloc byte[PackedIdBytes];
        Span<byte> replayed = stackalloc byte[PackedIdBytes];
        using var statement = session.Prepare(InvocationSql)
            .Bind(source)
            .Bind(TimeColumn.FromTime(record.StartedAt))
            .Bind(TimeColumn.FromTime(record.StartedAt) + record.Duration.Ticks)
            .Bind(PackRequestId(record.RequestId, id))
            .Bind(record.Version)
            .Bind(record.EnvironmentId)
            .Bind(record.InitDuration?.Ticks ?? NoDuration)
            .Bind((long)record.Outcome)
            .Bind(record.MemoryMegabytes)
            .Bind(record.MaxMemoryUsedMegabytes)
            .Bind(record.Source)
            .Bind(record.Phases.Queue.Ticks)
            .Bind(record.Phases.Place.Ticks)
            .Bind(record.Phases.Fetch.Ticks)
            .Bind(record.Phases.Start.Ticks)
            .Bind((long)record.Use)
            .Bind(record.CameFrom ?? "")
            .Bind(record.ReplayOf is null ? [] : PackRequestId(record.ReplayOf, replayed))
            .Bind((long)record.Trace.Span)
            .Bind((long)record.Trace.Parent.Span)
            .Bind(record.Trace.Parent.IsSampled ? 1 : 0);
        Span<byte> trace = stackalloc byte[TraceId.Bytes];
        if (TraceId.TryOfRequest(record.RequestId, out var own) && own == record.Trace.Parent.Trace)
        {
            statement.Bind(default(string));
        }
        else
        {
            record.Trace.Parent.Trace.Write(trace);
            statement.Bind((ReadOnlySpan<byte>)trace);
        }

        statement.Bind(release).Run();
    }

    /// <returns>The level that was read from the line.</returns>
    public static LineLevel Put(ISqlSession session, long source, LogLine line)
    {
        Span<byte> id = stackalloc byte[PackedIdBytes];
        var text = Cap(line.Text);
        var level = LineLevels.Read(text);
        using var statement = session.Prepare(LineSql)
            .Bind(source)
            .Bind(TimeColumn.FromTime(line.Time))
            .Bind(line.RequestId is null ? [] : PackRequestId(line.RequestId, id))
            .Bind(line.Version)
            .Bind(line.EnvironmentId)
            .BindText(text)
            .Bind((long)level);
        statement.Run();
        return level;
    }

    /// <summary>A row of invocations, in the order of its table's columns.</summary>
    public static InvocationRecord ReadInvocation(ISqlStatement row, FunctionId function)
    {
        var (started, ended, init) = (row.GetNumber(2), row.GetNumber(3), row.GetNumber(7));
        var (fetch, start) = (row.GetNumber(14), row.GetNumber(15));
        return new InvocationRecord
        {
            RequestId = UnpackRequestId(row.GetBytes(4)) ?? "",
            Function = function,
            Version = row.GetText(5),
            EnvironmentId = row.GetText(6),
            StartedAt = TimeColumn.ToTime(started),
            Duration = TimeSpan.FromTicks(ended - started),
            InitDuration = init == NoDuration ? null : TimeSpan.FromTicks(init),
            Outcome = (OutcomeKind)row.GetNumber(8),
            MemoryMegabytes = (int)row.GetNumber(9),
            MaxMemoryUsedMegabytes = (int)row.GetNumber(10),
            Source = row.GetText(11),
            Use = (EnvironmentUse)row.GetNumber(16),
            CameFrom = row.GetText(17) is { Length: > 0 } origin ? origin : null,
            ReplayOf = UnpackRequestId(row.GetBytes(18)),
            Trace = ReadTrace(row),
            Phases = new CallPhases(
                TimeSpan.FromTicks(row.GetNumber(12)),
                TimeSpan.FromTicks(row.GetNumber(13)),
                TimeSpan.FromTicks(fetch),
                TimeSpan.FromTicks(start),
                TimeSpan.FromTicks(init == NoDuration ? 0 : init - fetch - start)),
        };
    }

    private static CallTrace ReadTrace(ISqlStatement row)
    {
        // Rows of before traces have no span, and a trace of their own all the same.
        var trace = row.IsNull(22) ? default : TraceId.Read(row.GetBytes(22));
        if (row.IsNull(22))
        {
            TraceId.TryOfRequest(UnpackRequestId(row.GetBytes(4)) ?? "", out trace);
        }

        return new CallTrace(
            new TraceContext(trace, (ulong)row.GetNumber(20), row.GetNumber(21) != 0), (ulong)row.GetNumber(19));
    }

    /// <summary>A row of log_lines, in the order of its table's columns.</summary>
    public static LogEntry ReadLine(ISqlStatement row, FunctionId function) => new(
        function, row.GetText(4), row.GetText(5), UnpackRequestId(row.GetBytes(3)),
        TimeColumn.ToTime(row.GetNumber(2)), LogEntryKind.Line, row.GetText(6))
    {
        Level = (LineLevel)row.GetNumber(7),
    };

    /// <summary>The 16 bytes of a UUID in its usual spelling, or other text, behind a byte that says which.</summary>
    public static ReadOnlySpan<byte> PackRequestId(string requestId, Span<byte> buffer)
    {
        if (Guid.TryParseExact(requestId, "D", out var id) && !requestId.AsSpan().ContainsAnyInRange('A', 'F'))
        {
            buffer[0] = GuidTag;
            id.TryWriteBytes(buffer[1..], bigEndian: true, out _);
            return buffer[..PackedIdBytes];
        }

        return (byte[])[TextTag, .. Encoding.UTF8.GetBytes(requestId)];
    }

    public static string? UnpackRequestId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        return bytes[0] == GuidTag
            ? new Guid(bytes[1..], bigEndian: true).ToString("D")
            : Encoding.UTF8.GetString(bytes[1..]);
    }

    private static byte[] Cap(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= TextBytesMax)
        {
            return bytes;
        }

        // Not in the middle of a character.
        var end = TextBytesMax;
        while ((bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return [.. bytes.AsSpan(0, end), .. Encoding.UTF8.GetBytes($"… [{bytes.Length - end} bytes cut]\n")];
    }
}
