using System.Globalization;
using System.Text.Json;

namespace Lambent.Protocol.Otlp;

/// <summary>
/// OTLP's requests for traces as JSON (OTLP specification, "JSON Protobuf Encoding"): ids are hexadecimal, numbers of
/// 64 bits texts or numbers, enumerations numbers; unknown members are left out.
/// </summary>
public static class OtlpJson
{
    public const string ContentType = "application/json";

    /// <summary>Of the document; a value within a value takes three.</summary>
    private const int DepthMax = 64;

    /// <summary>Reads an ExportTraceServiceRequest; null with the reason when it is none.</summary>
    public static IReadOnlyList<OtlpResource>? TryRead(ReadOnlyMemory<byte> bytes, out string problem)
    {
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DepthMax });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. Items(document.RootElement, "resourceSpans").Select(ReadResource)]
                : throw new InvalidDataException("The request is no JSON object.");
        }
        catch (Exception malformed) when (
            malformed is JsonException or InvalidDataException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException is a text with half of a pair of surrogates, which JSON may have.
            problem = malformed.Message;
            return null;
        }
    }

    private static OtlpResource ReadResource(JsonElement element) => new(
        element.TryGetProperty("resource", out var resource) ? ReadAttributes(resource) : [],
        [.. Items(element, "scopeSpans").Select(ReadScope)]);

    private static OtlpScope ReadScope(JsonElement element)
    {
        var hasScope = element.TryGetProperty("scope", out var scope);
        return new OtlpScope(
            hasScope ? Text(scope, "name") : "",
            hasScope ? Text(scope, "version") : "",
            [.. Items(element, "spans").Select(ReadSpan)]);
    }

    private static OtlpSpan ReadSpan(JsonElement element)
    {
        var span = new OtlpSpan
        {
            TraceId = Hex(element, "traceId"),
            SpanId = Hex(element, "spanId"),
            ParentSpanId = Hex(element, "parentSpanId"),
            Name = Text(element, "name"),
            Kind = (int)Math.Min(Number(element, "kind"), int.MaxValue),
            StartUnixNanoseconds = Number(element, "startTimeUnixNano"),
            EndUnixNanoseconds = Number(element, "endTimeUnixNano"),
        };
        span.Attributes.AddRange(ReadAttributes(element));
        foreach (var item in Items(element, "events"))
        {
            var happened = new OtlpEvent { UnixNanoseconds = Number(item, "timeUnixNano"), Name = Text(item, "name") };
            happened.Attributes.AddRange(ReadAttributes(item));
            span.Events.Add(happened);
        }

        span.Links.AddRange(Items(element, "links").Select(item => new OtlpLink
        {
            TraceId = Hex(item, "traceId"), SpanId = Hex(item, "spanId"),
        }));
        if (element.TryGetProperty("status", out var status))
        {
            span.StatusCode = (int)Math.Min(Number(status, "code"), int.MaxValue);
            span.StatusMessage = Text(status, "message");
        }

        return span;
    }

    private static List<OtlpAttribute> ReadAttributes(JsonElement element, string name = "attributes") =>
    [
        .. Items(element, name).Select(item => new OtlpAttribute(
            Text(item, "key"), item.TryGetProperty("value", out var value) ? ReadValue(value) : null)),
    ];

    private static object? ReadValue(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("An attribute's value is no object such as {\"stringValue\": …}.");
        }

        foreach (var member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "stringValue":
                    return Text(value, member.Name);
                case "boolValue":
                    return member.Value.ValueKind == JsonValueKind.True;
                case "intValue":
                    return ReadInteger(member.Value);
                case "doubleValue":
                    return ReadDouble(member.Value);
                case "bytesValue":
                    return Convert.FromBase64String(Text(value, member.Name));
                case "arrayValue":
                    return (List<object?>)[.. Items(member.Value, "values").Select(ReadValue)];
                case "kvlistValue":
                    return ReadAttributes(member.Value, "values");
            }
        }

        return null;
    }

    private static long ReadInteger(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(
            element.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new InvalidDataException("An intValue is no whole number of 64 bits."),
    };

    private static double ReadDouble(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out var number) => number,
        JsonValueKind.String when double.TryParse(
            element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new InvalidDataException("A doubleValue is no number."),
    };

    private static List<JsonElement> Items(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"What should have the member {name} is no object.");
        }

        if (!element.TryGetProperty(name, out var items) || items.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return items.ValueKind == JsonValueKind.Array
            && items.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
                ? [.. items.EnumerateArray()]
                : throw new InvalidDataException($"The member {name} is no list of objects.");
    }

    private static string Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var text)
            || text.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : throw new InvalidDataException($"The member {name} is no text.");
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(Text(element, name));

    private static ulong Number(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var number))
        {
            return 0;
        }

        return number.ValueKind switch
        {
            JsonValueKind.Number when number.TryGetUInt64(out var value) => value,
            JsonValueKind.String when ulong.TryParse(
                number.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
            JsonValueKind.Null => 0,
            _ => throw new InvalidDataException($"The member {name} is no number."),
        };
    }
}
