using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Traces;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Lambda.Invocation;

internal enum InvocationType
{
    RequestResponse,
    Event,
    DryRun,
}

/// <summary>The headers of an Invoke call, checked.</summary>
/// <param name="Type">How the caller wants it.</param>
/// <param name="WantsLogTail">LogType=Tail.</param>
/// <param name="ClientContext">JSON text, or null.</param>
/// <param name="Trace">What the caller says of the trace, or none.</param>
internal sealed record InvokeRequest(InvocationType Type, bool WantsLogTail, string? ClientContext, TraceContext Trace)
{
    private static readonly InvokeRequest Plain = new(InvocationType.RequestResponse, false, null, default);

    public static Result<InvokeRequest> Read(IHeaderDictionary headers)
    {
        var typeText = headers["X-Amz-Invocation-Type"].ToString();
        var logText = headers["X-Amz-Log-Type"].ToString();
        var contextText = headers["X-Amz-Client-Context"].ToString();
        var trace = TraceHeaders.Read(headers);
        if (typeText is "" or "RequestResponse" && logText.Length + contextText.Length == 0 && trace.IsNone)
        {
            return Plain;
        }

        if (ReadType(typeText) is not { } type)
        {
            return Violation(typeText, "invocationType", "[Event, RequestResponse, DryRun]");
        }

        if (logText is not ("" or "None" or "Tail"))
        {
            return Violation(logText, "logType", "[None, Tail]");
        }

        if (ReadContext(contextText).Failed(out var context, out var invalid))
        {
            return invalid;
        }

        return new InvokeRequest(
            type,
            logText == "Tail" && type == InvocationType.RequestResponse,
            context.Length == 0 ? null : context,
            trace);
    }

    /// <summary>An event must be JSON text; nothing at all counts as an empty object.</summary>
    public static Error? CheckPayload(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 1000 });
            while (reader.Read())
            {
                // Reading is the check.
            }

            return System.Text.Unicode.Utf8.IsValid(payload) ? null : NotJson("Invalid UTF-8");
        }
        catch (JsonException exception)
        {
            return NotJson(exception.Message);
        }
    }

    private static Error NotJson(string detail) => new(
        ErrorCode.InvalidRequestContent,
        $"Could not parse request body into json: Could not parse payload into json: {detail}",
        "Payload");

    private static InvocationType? ReadType(string text) => text switch
    {
        "" or "RequestResponse" => InvocationType.RequestResponse,
        "Event" => InvocationType.Event,
        "DryRun" => InvocationType.DryRun,
        _ => null,
    };

    private static Result<string> ReadContext(string base64)
    {
        if (base64.Length == 0)
        {
            return "";
        }

        if (base64.Length > Limits.ClientContextBytesMax)
        {
            return InvalidContext($"must be at most {Limits.ClientContextBytesMax} bytes of base64");
        }

        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
        {
            return InvalidContext("must be base64");
        }

        return CheckPayload(bytes.AsSpan(0, length)) is null
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : InvalidContext("must be a JSON document in base64");
    }

    private static Error InvalidContext(string rule) => new(
        ErrorCode.InvalidRequestContent, $"Could not parse the client context: it {rule}.", "ClientContext");

    private static Error Violation(string value, string field, string allowed) => new(
        ErrorCode.ValidationFailed,
        $"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: "
        + $"Member must satisfy enum value set: {allowed}",
        field);
}
