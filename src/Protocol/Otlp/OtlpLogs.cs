namespace Lambent.Protocol.Otlp;

/// <summary>What a resource logged.</summary>
public sealed record OtlpLogResource(
    IReadOnlyList<OtlpAttribute> Attributes, string ScopeName, string ScopeVersion,
    IReadOnlyList<OtlpLogRecord> Records);

/// <summary>A log record as OpenTelemetry's protocol has it (opentelemetry-proto, logs/v1/logs.proto, 1.x).</summary>
public sealed record OtlpLogRecord
{
    /// <summary>Nanoseconds since 1970.</summary>
    public required ulong UnixNanoseconds { get; init; }

    /// <summary>When it was taken in.</summary>
    public required ulong ObservedUnixNanoseconds { get; init; }

    /// <summary>1 to 24; 0: the record says nothing.</summary>
    public int SeverityNumber { get; init; }

    public string SeverityText { get; init; } = "";

    public required string Body { get; init; }

    /// <summary>16 bytes, or none.</summary>
    public byte[] TraceId { get; init; } = [];

    /// <summary>8 bytes, or none.</summary>
    public byte[] SpanId { get; init; } = [];

    /// <summary>Of the trace; counts where there is one.</summary>
    public bool IsSampled { get; init; }

    public IReadOnlyList<OtlpAttribute> Attributes { get; init; } = [];
}

/// <summary>OTLP's messages for logs in their binary form.</summary>
public static class OtlpLogProtobuf
{
    /// <summary>Writes an ExportLogsServiceRequest.</summary>
    public static byte[] Write(IEnumerable<OtlpLogResource> resources)
    {
        var writer = new ProtobufWriter();
        foreach (var resource in resources)
        {
            writer.Message(1, into =>
            {
                into.Message(1, inner => OtlpProtobuf.WriteAttributes(inner, 1, resource.Attributes));
                into.Message(2, scope =>
                {
                    OtlpProtobuf.WriteScopeName(scope, resource.ScopeName, resource.ScopeVersion);
                    foreach (var record in resource.Records)
                    {
                        scope.Message(2, inner => Write(inner, record));
                    }
                });
            });
        }

        return writer.Written.ToArray();
    }

    private static void Write(ProtobufWriter writer, OtlpLogRecord record)
    {
        writer.Fixed64(1, record.UnixNanoseconds);
        if (record.SeverityNumber != 0)
        {
            writer.Varint(2, (ulong)record.SeverityNumber);
        }

        writer.Text(3, record.SeverityText);
        writer.Message(5, body => OtlpProtobuf.WriteValue(body, record.Body));
        OtlpProtobuf.WriteAttributes(writer, 6, record.Attributes);
        if (record.TraceId.Length > 0)
        {
            writer.Fixed32(8, record.IsSampled ? 1U : 0);
            writer.Bytes(9, record.TraceId);
            writer.Bytes(10, record.SpanId);
        }

        writer.Fixed64(11, record.ObservedUnixNanoseconds);
    }
}
