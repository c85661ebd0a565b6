namespace Lambent.Protocol.Otlp;

/// <summary>
/// OTLP's messages for traces, and what all of its messages share, in their binary form (opentelemetry-proto 1.x).
/// </summary>
public static class OtlpProtobuf
{
    public const string ContentType = "application/x-protobuf";

    /// <summary>Values within values; deeper ones are not read.</summary>
    private const int DepthMax = 16;

    /// <summary>Reads an ExportTraceServiceRequest; null with the reason when it is none.</summary>
    public static IReadOnlyList<OtlpResource>? TryRead(ReadOnlySpan<byte> bytes, out string problem)
    {
        problem = "";
        try
        {
            var resources = new List<OtlpResource>();
            var reader = new ProtobufReader(bytes);
            while (reader.TryRead(out var field))
            {
                if (field == 1)
                {
                    resources.Add(ReadResource(reader.ReadMessage()));
                }
                else
                {
                    reader.Skip();
                }
            }

            return resources;
        }
        catch (InvalidDataException malformed)
        {
            problem = malformed.Message;
            return null;
        }
    }

    /// <summary>Writes an ExportTraceServiceRequest.</summary>
    public static byte[] Write(IEnumerable<OtlpResource> resources)
    {
        var writer = new ProtobufWriter();
        foreach (var resource in resources)
        {
            writer.Message(1, into =>
            {
                into.Message(1, inner => WriteAttributes(inner, 1, resource.Attributes));
                foreach (var scope in resource.Scopes)
                {
                    into.Message(2, inner => WriteScope(inner, scope));
                }
            });
        }

        return writer.Written.ToArray();
    }

    /// <summary>
    /// An ExportTraceServiceResponse: empty, or how many were rejected and why.
    /// Those for logs and metrics are the same.
    /// </summary>
    public static byte[] WriteAnswer(long rejected, string message)
    {
        var writer = new ProtobufWriter();
        if (rejected > 0 || message.Length > 0)
        {
            writer.Message(1, inner =>
            {
                inner.Varint(1, (ulong)rejected);
                inner.Text(2, message);
            });
        }

        return writer.Written.ToArray();
    }

    /// <summary>Reads what <see cref="WriteAnswer"/> writes; nothing where it cannot be read.</summary>
    public static (long Rejected, string Message) ReadAnswer(ReadOnlySpan<byte> bytes)
    {
        var (rejected, message) = (0L, "");
        try
        {
            var reader = new ProtobufReader(bytes);
            while (reader.TryRead(out var field))
            {
                if (field != 1)
                {
                    reader.Skip();
                    continue;
                }

                var partial = reader.ReadMessage();
                while (partial.TryRead(out var inner))
                {
                    switch (inner)
                    {
                        case 1:
                            rejected = (long)partial.ReadVarint();
                            break;
                        case 2:
                            message = partial.ReadText();
                            break;
                        default:
                            partial.Skip();
                            break;
                    }
                }
            }
        }
        catch (InvalidDataException)
        {
            // An answer that is none says nothing.
        }

        return (rejected, message);
    }

    /// <summary>A google.rpc.Status, which is what errors are told in.</summary>
    public static byte[] WriteStatus(int code, string message)
    {
        var writer = new ProtobufWriter();
        writer.Varint(1, (ulong)code);
        writer.Text(2, message);
        return writer.Written.ToArray();
    }

    private static OtlpResource ReadResource(ProtobufReader reader)
    {
        var attributes = new List<OtlpAttribute>();
        var scopes = new List<OtlpScope>();
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    var resource = reader.ReadMessage();
                    while (resource.TryRead(out var inner))
                    {
                        if (inner == 1)
                        {
                            attributes.Add(ReadAttribute(resource.ReadMessage(), 0));
                        }
                        else
                        {
                            resource.Skip();
                        }
                    }

                    break;
                case 2:
                    scopes.Add(ReadScope(reader.ReadMessage()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpResource(attributes, scopes);
    }

    private static OtlpScope ReadScope(ProtobufReader reader)
    {
        var (name, version, spans) = ("", "", new List<OtlpSpan>());
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    var scope = reader.ReadMessage();
                    while (scope.TryRead(out var inner))
                    {
                        switch (inner)
                        {
                            case 1:
                                name = scope.ReadText();
                                break;
                            case 2:
                                version = scope.ReadText();
                                break;
                            default:
                                scope.Skip();
                                break;
                        }
                    }

                    break;
                case 2:
                    spans.Add(ReadSpan(reader.ReadMessage()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpScope(name, version, spans);
    }

    private static OtlpSpan ReadSpan(ProtobufReader reader)
    {
        var span = new OtlpSpan();
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    span.TraceId = reader.ReadBytes().ToArray();
                    break;
                case 2:
                    span.SpanId = reader.ReadBytes().ToArray();
                    break;
                case 4:
                    span.ParentSpanId = reader.ReadBytes().ToArray();
                    break;
                case 5:
                    span.Name = reader.ReadText();
                    break;
                case 6:
                    span.Kind = (int)reader.ReadVarint();
                    break;
                case 7:
                    span.StartUnixNanoseconds = reader.ReadFixed64();
                    break;
                case 8:
                    span.EndUnixNanoseconds = reader.ReadFixed64();
                    break;
                case 9:
                    span.Attributes.Add(ReadAttribute(reader.ReadMessage(), 0));
                    break;
                case 11:
                    span.Events.Add(ReadEvent(reader.ReadMessage()));
                    break;
                case 13:
                    span.Links.Add(ReadLink(reader.ReadMessage()));
                    break;
                case 15:
                    ReadStatus(reader.ReadMessage(), span);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return span;
    }

    private static void ReadStatus(ProtobufReader reader, OtlpSpan span)
    {
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 2:
                    span.StatusMessage = reader.ReadText();
                    break;
                case 3:
                    span.StatusCode = (int)reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static OtlpEvent ReadEvent(ProtobufReader reader)
    {
        var happened = new OtlpEvent();
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    happened.UnixNanoseconds = reader.ReadFixed64();
                    break;
                case 2:
                    happened.Name = reader.ReadText();
                    break;
                case 3:
                    happened.Attributes.Add(ReadAttribute(reader.ReadMessage(), 0));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return happened;
    }

    private static OtlpLink ReadLink(ProtobufReader reader)
    {
        var link = new OtlpLink();
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    link.TraceId = reader.ReadBytes().ToArray();
                    break;
                case 2:
                    link.SpanId = reader.ReadBytes().ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return link;
    }

    private static OtlpAttribute ReadAttribute(ProtobufReader reader, int depth)
    {
        var (name, value) = ("", default(object));
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    name = reader.ReadText();
                    break;
                case 2:
                    value = ReadValue(reader.ReadMessage(), depth);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpAttribute(name, value);
    }

    private static object? ReadValue(ProtobufReader reader, int depth)
    {
        if (depth > DepthMax)
        {
            throw new InvalidDataException($"Values are nested deeper than {DepthMax}.");
        }

        object? value = null;
        while (reader.TryRead(out var field))
        {
            switch (field)
            {
                case 1:
                    value = reader.ReadText();
                    break;
                case 2:
                    value = reader.ReadVarint() != 0;
                    break;
                case 3:
                    value = (long)reader.ReadVarint();
                    break;
                case 4:
                    value = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    break;
                case 5:
                    value = ReadList(reader.ReadMessage(), depth);
                    break;
                case 6:
                    value = ReadMembers(reader.ReadMessage(), depth);
                    break;
                case 7:
                    value = reader.ReadBytes().ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static List<object?> ReadList(ProtobufReader reader, int depth)
    {
        var values = new List<object?>();
        while (reader.TryRead(out var field))
        {
            if (field == 1)
            {
                values.Add(ReadValue(reader.ReadMessage(), depth + 1));
            }
            else
            {
                reader.Skip();
            }
        }

        return values;
    }

    private static List<OtlpAttribute> ReadMembers(ProtobufReader reader, int depth)
    {
        var members = new List<OtlpAttribute>();
        while (reader.TryRead(out var field))
        {
            if (field == 1)
            {
                members.Add(ReadAttribute(reader.ReadMessage(), depth + 1));
            }
            else
            {
                reader.Skip();
            }
        }

        return members;
    }

    internal static void WriteScopeName(ProtobufWriter writer, string name, string version) =>
        writer.Message(1, inner =>
    {
        inner.Text(1, name);
        inner.Text(2, version);
    });

    private static void WriteScope(ProtobufWriter writer, OtlpScope scope)
    {
        WriteScopeName(writer, scope.Name, scope.Version);
        foreach (var span in scope.Spans)
        {
            writer.Message(2, inner => WriteSpan(inner, span));
        }
    }

    private static void WriteSpan(ProtobufWriter writer, OtlpSpan span)
    {
        writer.Bytes(1, span.TraceId);
        writer.Bytes(2, span.SpanId);
        if (span.ParentSpanId.Length > 0)
        {
            writer.Bytes(4, span.ParentSpanId);
        }

        writer.Text(5, span.Name);
        writer.Varint(6, (ulong)span.Kind);
        writer.Fixed64(7, span.StartUnixNanoseconds);
        writer.Fixed64(8, span.EndUnixNanoseconds);
        WriteAttributes(writer, 9, span.Attributes);
        foreach (var happened in span.Events)
        {
            writer.Message(11, inner =>
            {
                inner.Fixed64(1, happened.UnixNanoseconds);
                inner.Text(2, happened.Name);
                WriteAttributes(inner, 3, happened.Attributes);
            });
        }

        foreach (var link in span.Links)
        {
            writer.Message(13, inner =>
            {
                inner.Bytes(1, link.TraceId);
                inner.Bytes(2, link.SpanId);
            });
        }

        if (span.StatusCode != 0 || span.StatusMessage.Length > 0)
        {
            writer.Message(15, inner =>
            {
                inner.Text(2, span.StatusMessage);
                inner.Varint(3, (ulong)span.StatusCode);
            });
        }

        // Sampled: it would not be sent otherwise.
        writer.Fixed32(16, 1);
    }

    internal static void WriteAttributes(ProtobufWriter writer, int field, IReadOnlyList<OtlpAttribute> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            writer.Message(field, inner =>
            {
                inner.Text(1, name);
                inner.Message(2, into => WriteValue(into, value));
            });
        }
    }

    internal static void WriteValue(ProtobufWriter writer, object? value)
    {
        switch (value)
        {
            case string text:
                writer.Bytes(1, System.Text.Encoding.UTF8.GetBytes(text));
                break;
            case bool flag:
                writer.Varint(2, flag ? 1UL : 0);
                break;
            case long number:
                writer.Varint(3, (ulong)number);
                break;
            case double number:
                writer.Fixed64(4, BitConverter.DoubleToUInt64Bits(number));
                break;
            case byte[] bytes:
                writer.Bytes(7, bytes);
                break;
            case IReadOnlyList<OtlpAttribute> members:
                writer.Message(6, inner => WriteAttributes(inner, 1, members));
                break;
            case IReadOnlyList<object?> values:
                writer.Message(5, inner =>
                {
                    foreach (var item in values)
                    {
                        inner.Message(1, into => WriteValue(into, item));
                    }
                });
                break;
        }
    }
}
