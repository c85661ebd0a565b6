using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry.Calls;

/// <summary>What is known of a stored call besides its bytes. The numbers are stored.</summary>
[Flags]
internal enum CallTraits
{
    None = 0,
    HasInput = 1,
    HasOutput = 2,
    IsStreamed = 4,

    /// <summary>Values of secret variables were taken out of the event.</summary>
    InputMasked = 8,
    OutputMasked = 16,
}

/// <summary>Calls with their events and answers as rows. The writer's thread puts and removes them.</summary>
internal sealed class StoredCallRows(bool masksSecrets)
{
    private const int RowBytes = 150;
    private const int RowsPerStep = 500;

    private static readonly SqlText PutSql = new("""
        INSERT INTO stored_calls (source_id, started_at, request_id, group_id, invoked_arn, client_context, traits,
            input_bytes, output_bytes, stored_bytes, input, output)
        VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11)
        RETURNING call_id
        """);

    /// <summary>What stored calls take, which the limit of logs does not count.</summary>
    public static readonly SqlText BytesSql = new("SELECT COALESCE(SUM(stored_bytes), 0) FROM stored_calls");

    private static readonly SqlText DeleteOldSql = new($"""
        DELETE FROM stored_calls WHERE call_id IN (
            SELECT call_id FROM stored_calls ORDER BY call_id LIMIT {RowsPerStep}) AND started_at < $1
        """);

    private static readonly SqlText DeleteOfSql = new($"""
        DELETE FROM stored_calls WHERE call_id IN (SELECT call_id FROM stored_calls
        WHERE source_id IN (SELECT source_id FROM sources WHERE account_id = $1) LIMIT {RowsPerStep})
        """);

    /// <summary>By the variables of a version: most have nothing to take out.</summary>
    private readonly ConditionalWeakTable<ImmutableSortedDictionary<string, string>, MaskOf> masks = [];

    /// <summary>The answer with what is secret taken out of it.</summary>
    public ReadOnlyMemory<byte> MaskedOutput(CallCopy copy) =>
        MaskFor(copy)?.Apply(copy.Output.Span) ?? copy.Output;

    /// <param name="output">As <see cref="MaskedOutput"/> gave it.</param>
    /// <returns>The row.</returns>
    public long Put(
        ISqlSession session, long source, InvocationRecord record, CallCopy copy, ReadOnlyMemory<byte> output)
    {
        var masked = MaskFor(copy)?.Apply(copy.Input.Span);
        var input = masked ?? copy.Input.Span;
        var traits = (copy.HasInput ? CallTraits.HasInput : 0)
            | (copy.HasOutput ? CallTraits.HasOutput : 0)
            | (copy.IsStreamed ? CallTraits.IsStreamed : 0)
            | (masked is null ? 0 : CallTraits.InputMasked)
            | (output.Equals(copy.Output) ? 0 : CallTraits.OutputMasked);
        Span<byte> id = stackalloc byte[TelemetryRow.PackedIdBytes];
        using var statement = session.Prepare(PutSql)
            .Bind(source)
            .Bind(TimeColumn.FromTime(record.StartedAt))
            .Bind(TelemetryRow.PackRequestId(record.RequestId, id))
            .Bind(copy.InvokedArn)
            .Bind(copy.ClientContext ?? "")
            .Bind((long)traits)
            .Bind(copy.InputBytes)
            .Bind(copy.OutputBytes)
            .Bind(RowBytes + input.Length + output.Length + (copy.ClientContext?.Length ?? 0))
            .Bind(input)
            .Bind(output.Span);
        statement.Read();
        return statement.GetNumber(0);
    }

    private static long Bytes(ISqlSession session)
    {
        using var rows = session.Prepare(BytesSql);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    /// <summary>One step of removing what is too old, and the oldest of what is too much.</summary>
    /// <returns>How many rows it removed.</returns>
    public static int Prune(ISqlSession session, DateTimeOffset before, long bytesMax)
    {
        using (var old = session.Prepare(DeleteOldSql).Bind(TimeColumn.FromTime(before)))
        {
            if (old.Run() is > 0 and var removed)
            {
                return removed;
            }
        }

        if (Bytes(session) <= bytesMax)
        {
            return 0;
        }

        using var oldest = session.Prepare(DeleteOldSql).Bind(long.MaxValue);
        return oldest.Run();
    }

    public static int Forget(ISqlSession session, string account)
    {
        using var statement = session.Prepare(DeleteOfSql).Bind(account);
        return statement.Run();
    }

    private SecretMask? MaskFor(CallCopy copy) => masksSecrets && copy.Specification.Variables.Count > 0
        ? masks.GetValue(copy.Specification.Variables, variables => new MaskOf(SecretMask.From(variables))).Mask
        : null;

    private sealed record MaskOf(SecretMask? Mask);
}
