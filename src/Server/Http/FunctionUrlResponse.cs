using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Http;

/// <summary>
/// Turns what a handler returned into an HTTP response: payload format 2.0. An object with statusCode is taken apart;
/// anything else is the body of a 200 with application/json, a string without its quotes.
/// </summary>
internal static class FunctionUrlResponse
{
    private const string JsonContentType = "application/json";

    /// <summary>Writes status, headers and body. False when the payload is not a valid response.</summary>
    public static bool TryWrite(HttpResponse response, ReadOnlyMemory<byte> payload)
    {
        try
        {
            if (TryFindStatus(payload.Span, out var status))
            {
                return WriteStructured(response, payload.Span, status);
            }

            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = JsonContentType;
            var reader = new Utf8JsonReader(payload.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                WriteText(response, ref reader);
            }
            else
            {
                // Read to its end before any of it is written: it may be cut off.
                reader.Skip();
                WriteBytes(response, payload.Span);
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Applies the prelude of a streamed response. False when it is not valid.</summary>
    public static bool TryApplyPrelude(HttpResponse response, ReadOnlyMemory<byte> prelude)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/octet-stream";
        if (prelude.IsEmpty)
        {
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(prelude.Span);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && ApplyMembers(response, ref reader, out _);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryFindStatus(ReadOnlySpan<byte> payload, out int status)
    {
        status = 0;
        var reader = new Utf8JsonReader(payload);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("statusCode"u8))
            {
                reader.Read();
                // One that is no number stays 0, which is no status: a response was meant, and it is not valid.
                status = ReadStatus(ref reader, out var read) ? read : 0;
                return reader.TokenType != JsonTokenType.Null;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool ReadStatus(ref Utf8JsonReader reader, out int status)
    {
        status = 0;
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetInt32(out status),
            JsonTokenType.String => Utf8Parser.TryParse(reader.ValueSpan, out status, out var used)
                && used == reader.ValueSpan.Length,
            _ => false,
        };
    }

    /// <summary>Below 200 are interim answers, after which the caller would wait for another one.</summary>
    private static bool IsFinal(int status) => status is >= 200 and <= 599;

    private static bool WriteStructured(HttpResponse response, ReadOnlySpan<byte> payload, int status)
    {
        if (!IsFinal(status))
        {
            return false;
        }

        response.StatusCode = status;
        response.ContentType = JsonContentType;
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        if (!ApplyMembers(response, ref reader, out var isBase64))
        {
            return false;
        }

        reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBody = reader.ValueTextEquals("body"u8);
            reader.Read();
            if (isBody)
            {
                return WriteBody(response, payload, ref reader, isBase64);
            }

            reader.Skip();
        }

        return true;
    }

    private static bool WriteBody(
        HttpResponse response, ReadOnlySpan<byte> payload, ref Utf8JsonReader reader, bool isBase64)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String when isBase64:
                WriteBytes(response, reader.GetBytesFromBase64());
                return true;
            case JsonTokenType.String:
                WriteText(response, ref reader);
                return true;
            default:
                // A body that is not text is shown as the JSON it is.
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                WriteBytes(response, payload[start..(int)reader.BytesConsumed]);
                return true;
        }
    }

    /// <summary>Applies statusCode, headers and cookies of the object whose start was read.</summary>
    private static bool ApplyMembers(HttpResponse response, ref Utf8JsonReader reader, out bool isBase64)
    {
        isBase64 = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("headers"u8))
            {
                reader.Read();
                ApplyHeaders(response, ref reader);
            }
            else if (reader.ValueTextEquals("cookies"u8))
            {
                reader.Read();
                ApplyCookies(response, ref reader);
            }
            else if (reader.ValueTextEquals("isBase64Encoded"u8))
            {
                reader.Read();
                isBase64 = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("statusCode"u8))
            {
                reader.Read();
                if (!ReadStatus(ref reader, out var status) || !IsFinal(status))
                {
                    return false;
                }

                response.StatusCode = status;
            }
            else
            {
                reader.Skip();
            }
        }

        return true;
    }

    private static void ApplyHeaders(HttpResponse response, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = ScalarText(ref reader);
            if (value is not null && IsForwarded(name) && IsHeaderSafe(name, value))
            {
                PathSandbox.SetHeader(response, name, value);
            }
        }
    }

    private static void ApplyCookies(HttpResponse response, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ScalarText(ref reader) is { } cookie && IsHeaderSafe("Set-Cookie", cookie)
                && PathSandbox.IsAllowedCookie(cookie))
            {
                response.Headers.Append("Set-Cookie", cookie);
            }
        }
    }

    private static string? ScalarText(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return Encoding.UTF8.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>The server frames the message itself; a handler cannot.</summary>
    private static bool IsForwarded(string name) =>
        !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// No line breaks and no other control characters, so that a handler cannot write a second header.
    /// </summary>
    private static bool IsHeaderSafe(string name, string value)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"!#$%&'*+-.^_`|~".Contains(character))
            {
                return false;
            }
        }

        foreach (var character in value)
        {
            if ((character < ' ' && character != '\t') || character >= (char)127)
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static void WriteText(HttpResponse response, ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            WriteBytes(response, reader.ValueSpan);
            return;
        }

        var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        var length = reader.CopyString(text);
        WriteBytes(response, text.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(text);
    }

    private static void WriteBytes(HttpResponse response, ReadOnlySpan<byte> body)
    {
        if (response.StatusCode is StatusCodes.Status204NoContent
            or StatusCodes.Status205ResetContent
            or StatusCodes.Status304NotModified)
        {
            return;
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            response.BodyWriter.Write(body);
        }
    }
}
