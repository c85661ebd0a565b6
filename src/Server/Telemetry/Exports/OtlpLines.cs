using System.Buffers.Binary;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Log lines as OpenTelemetry's protocol has them: a resource for each environment, the text as it was written as the
/// body, also that of JSON, and the level that is read from it.
/// </summary>
internal static class OtlpLines
{
    /// <param name="entries">Lines in the order in which they were written.</param>
    /// <param name="calls">The calls that have ended, by request.</param>
    /// <param name="region">Of this server.</param>
    public static IReadOnlyList<OtlpLogResource> Of(
        IEnumerable<LogEntry> entries,
        IReadOnlyDictionary<string, IReadOnlyList<InvocationRecord>> calls,
        string region) =>
    [
        .. entries.GroupBy(entry => (entry.Function, entry.Version, entry.EnvironmentId)).Select(
            group => new OtlpLogResource(
                Resource(group.Key.Function, group.Key.Version, group.Key.EnvironmentId, region),
                OtlpResources.Scope,
                ProgramVersion.Text,
                [.. group.Select(entry => Of(entry, CallOf(entry, calls)))])),
    ];

    private static List<OtlpAttribute> Resource(
        FunctionId source, string version, string environmentId, string region)
    {
        // Programs may write into groups of their own: those are of no function, and have streams.
        var attributes = LogSources.IsFunction(source.Name)
            ? OtlpResources.OfFunction(source, version, region)
            : OtlpResources.Of(LogSources.ToGroup(source.Name), source.Account.Value, region);
        attributes.Add(new OtlpAttribute("service.instance.id", environmentId));
        attributes.Add(new OtlpAttribute("aws.log.group.names", new List<object?> { LogSources.ToGroup(source.Name) }));
        return attributes;
    }

    private static OtlpLogRecord Of(LogEntry entry, CallTrace trace)
    {
        var at = OtlpResources.Nanoseconds(entry.Time);
        return new OtlpLogRecord
        {
            UnixNanoseconds = at,
            ObservedUnixNanoseconds = at,
            SeverityNumber = Severity(entry.Level),
            SeverityText = entry.Level == LineLevel.None ? "" : entry.Level.ToString().ToUpperInvariant(),
            Body = entry.Text.TrimEnd('\r', '\n'),
            TraceId = trace.IsNone ? [] : Bytes(trace.Parent.Trace),
            SpanId = trace.IsNone ? [] : Bytes(trace.Span),
            IsSampled = trace.Parent.IsSampled,
            Attributes = entry.RequestId is { } request ? [new OtlpAttribute("faas.invocation_id", request)] : [],
        };
    }

    /// <summary>Of an asynchronous call with several attempts, the one during which the line was written.</summary>
    private static CallTrace CallOf(
        LogEntry entry, IReadOnlyDictionary<string, IReadOnlyList<InvocationRecord>> calls)
    {
        if (entry.RequestId is null || !calls.TryGetValue(entry.RequestId, out var attempts))
        {
            return default;
        }

        var own = attempts.LastOrDefault(
            call => call.EnvironmentId == entry.EnvironmentId && call.StartedAt <= entry.Time);
        return own?.Trace ?? attempts[0].Trace;
    }

    private static int Severity(LineLevel level) => level switch
    {
        LineLevel.Trace => 1,
        LineLevel.Debug => 5,
        LineLevel.Info => 9,
        LineLevel.Warn => 13,
        LineLevel.Error => 17,
        LineLevel.Fatal => 21,
        _ => 0,
    };

    private static byte[] Bytes(TraceId trace)
    {
        var bytes = new byte[TraceId.Bytes];
        trace.Write(bytes);
        return bytes;
    }

    private static byte[] Bytes(ulong span)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, span);
        return bytes;
    }
}
