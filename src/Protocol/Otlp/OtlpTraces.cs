namespace Lambent.Protocol.Otlp;

/// <summary>A named value: text, bool, long, double, bytes, a list of values or a list of attributes.</summary>
public readonly record struct OtlpAttribute(string Name, object? Value);

/// <summary>What a resource (a service, a function) sent.</summary>
public sealed record OtlpResource(IReadOnlyList<OtlpAttribute> Attributes, IReadOnlyList<OtlpScope> Scopes);

/// <summary>What one library of it sent.</summary>
public sealed record OtlpScope(string Name, string Version, IReadOnlyList<OtlpSpan> Spans);

/// <summary>A span as OpenTelemetry's protocol has it (opentelemetry-proto, trace/v1/trace.proto, 1.x).</summary>
public sealed record OtlpSpan
{
    /// <summary>16 bytes where it is valid.</summary>
    public byte[] TraceId { get; set; } = [];

    /// <summary>8 bytes where it is valid.</summary>
    public byte[] SpanId { get; set; } = [];

    /// <summary>8 bytes, or none for a span that begins its trace.</summary>
    public byte[] ParentSpanId { get; set; } = [];

    public string Name { get; set; } = "";

    /// <summary>0 to 5: unspecified, internal, server, client, producer, consumer.</summary>
    public int Kind { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong StartUnixNanoseconds { get; set; }

    /// <inheritdoc cref="StartUnixNanoseconds"/>
    public ulong EndUnixNanoseconds { get; set; }

    /// <summary>0 to 2: unset, ok, error.</summary>
    public int StatusCode { get; set; }

    public string StatusMessage { get; set; } = "";

    public List<OtlpAttribute> Attributes { get; } = [];

    public List<OtlpEvent> Events { get; } = [];

    public List<OtlpLink> Links { get; } = [];
}

/// <summary>Something that happened during a span.</summary>
public sealed record OtlpEvent
{
    /// <summary>Nanoseconds since 1970.</summary>
    public ulong UnixNanoseconds { get; set; }

    public string Name { get; set; } = "";

    public List<OtlpAttribute> Attributes { get; } = [];
}

/// <summary>Another span that a span has to do with.</summary>
public sealed record OtlpLink
{
    public byte[] TraceId { get; set; } = [];

    public byte[] SpanId { get; set; } = [];
}
