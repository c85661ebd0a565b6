using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lambent.Kernel.Access;
using Lambent.Kernel.Traces;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Lambent.Server.Ingress;

/// <summary>
/// The event a function gets for an HTTP request: payload format 2.0 of AWS Lambda function URLs
/// (docs.aws.amazon.com, "Invoking Lambda function URLs", request payload format).
/// </summary>
internal static class FunctionUrlEvent
{
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText VersionValue = JsonEncodedText.Encode("2.0");
    private static readonly JsonEncodedText RouteKey = JsonEncodedText.Encode("routeKey");
    private static readonly JsonEncodedText Stage = JsonEncodedText.Encode("stage");
    private static readonly JsonEncodedText Default = JsonEncodedText.Encode("$default");
    private static readonly JsonEncodedText RawPath = JsonEncodedText.Encode("rawPath");
    private static readonly JsonEncodedText RawQueryString = JsonEncodedText.Encode("rawQueryString");
    private static readonly JsonEncodedText Cookies = JsonEncodedText.Encode("cookies");
    private static readonly JsonEncodedText Headers = JsonEncodedText.Encode("headers");
    private static readonly JsonEncodedText QueryParameters = JsonEncodedText.Encode("queryStringParameters");
    private static readonly JsonEncodedText Context = JsonEncodedText.Encode("requestContext");
    private static readonly JsonEncodedText AccountIdName = JsonEncodedText.Encode("accountId");
    private static readonly JsonEncodedText Anonymous = JsonEncodedText.Encode("anonymous");
    private static readonly JsonEncodedText ApiId = JsonEncodedText.Encode("apiId");
    private static readonly JsonEncodedText DomainName = JsonEncodedText.Encode("domainName");
    private static readonly JsonEncodedText DomainPrefix = JsonEncodedText.Encode("domainPrefix");
    private static readonly JsonEncodedText Http = JsonEncodedText.Encode("http");
    private static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
    private static readonly JsonEncodedText Path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText Protocol = JsonEncodedText.Encode("protocol");
    private static readonly JsonEncodedText SourceIp = JsonEncodedText.Encode("sourceIp");
    private static readonly JsonEncodedText UserAgent = JsonEncodedText.Encode("userAgent");
    private static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("requestId");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText TimeEpoch = JsonEncodedText.Encode("timeEpoch");
    private static readonly JsonEncodedText Authorizer = JsonEncodedText.Encode("authorizer");
    private static readonly JsonEncodedText Body = JsonEncodedText.Encode("body");
    private static readonly JsonEncodedText IsBase64Encoded = JsonEncodedText.Encode("isBase64Encoded");

    private static readonly JsonEncodedText TraceParentName = JsonEncodedText.Encode(TraceParent.Header);
    private static readonly JsonEncodedText TraceStateName = JsonEncodedText.Encode(TraceParent.StateHeader);
    private static readonly JsonEncodedText AmazonTrace = JsonEncodedText.Encode("x-amzn-trace-id");

    [ThreadStatic]
    private static Utf8JsonWriter? cachedWriter;

    private static string cachedSecondText = "";
    private static long cachedSecond;

    /// <summary>Writes the event for a request.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="request">The HTTP request; its body was read before.</param>
    /// <param name="target">The path behind the function's address, and the query as sent.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="now">The time of the request.</param>
    public static void Write(
        IBufferWriter<byte> buffer,
        HttpRequest request,
        UrlTarget target,
        ReadOnlyMemory<byte> body,
        UrlCaller caller,
        DateTimeOffset now)
    {
        var json = cachedWriter ??= new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true });
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString(Version, VersionValue);
        json.WriteString(RouteKey, Default);
        json.WriteString(RawPath, target.Path);
        json.WriteString(RawQueryString, target.Query);
        WriteCookies(json, request.Headers.Cookie);
        WriteHeaders(json, request.Headers, caller.Trace);
        if (target.Query.Length > 0)
        {
            WriteQuery(json, request.Query);
        }

        WriteContext(json, request, target, caller.Principal, caller.RequestId, now);
        WriteBody(json, request.ContentType, body.Span);
        json.WriteEndObject();
        json.Flush();
        json.Reset(Stream.Null);
    }

    private static void WriteCookies(Utf8JsonWriter json, StringValues cookies)
    {
        if (cookies.Count == 0)
        {
            return;
        }

        json.WriteStartArray(Cookies);
        foreach (var line in cookies)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan()[range].Trim();
                if (!cookie.IsEmpty)
                {
                    json.WriteStringValue(cookie);
                }
            }
        }

        json.WriteEndArray();
    }

    private static void WriteHeaders(Utf8JsonWriter json, IHeaderDictionary headers, in TraceContext trace)
    {
        json.WriteStartObject(Headers);
        Span<char> small = stackalloc char[128];
        foreach (var (name, values) in headers)
        {
            if (name.Length == 0 || name[0] == ':' || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
                || (name[0] is 't' or 'T' or 'x' or 'X' && WriteTraceHeader(json, name, headers, trace)))
            {
                continue;
            }

            var lower = name.Length <= small.Length ? small[..name.Length] : new char[name.Length];
            name.AsSpan().ToLowerInvariant(lower);
            if (values.Count == 1)
            {
                json.WriteString(lower, values[0]);
            }
            else
            {
                json.WriteString(lower, string.Join(',', values.AsEnumerable()));
            }
        }

        if (!trace.IsNone)
        {
            Span<byte> parent = stackalloc byte[TraceParent.Length];
            TraceParent.Write(parent, trace);
            json.WriteString(TraceParentName, parent);
        }

        json.WriteEndObject();
    }

    /// <summary>
    /// What the caller said of the trace is not what the function is to hand on: its own call is between. The state of
    /// other tracers is handed on where it belongs to the trace (W3C Trace Context, 3.3 and 4.3).
    /// </summary>
    /// <returns>Whether the header was one of these.</returns>
    private static bool WriteTraceHeader(
        Utf8JsonWriter json, string name, IHeaderDictionary headers, in TraceContext trace)
    {
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        if (name.Equals(TraceParent.Header, IgnoreCase))
        {
            return !trace.IsNone;
        }

        if (name.Equals(XRayHeader.Header, IgnoreCase))
        {
            if (!trace.IsNone)
            {
                json.WriteString(AmazonTrace, XRayHeader.Format(trace));
            }

            return !trace.IsNone;
        }

        if (!name.Equals(TraceParent.StateHeader, IgnoreCase))
        {
            return false;
        }

        if (TraceParent.TryParse(headers[TraceParent.Header].ToString(), out var incoming)
            && incoming.Trace == trace.Trace
            && TraceParent.CleanState(headers[TraceParent.StateHeader].ToString()) is { } state)
        {
            json.WriteString(TraceStateName, state);
        }

        return true;
    }

    private static void WriteQuery(Utf8JsonWriter json, IQueryCollection query)
    {
        json.WriteStartObject(QueryParameters);
        foreach (var (name, values) in query)
        {
            json.WriteString(name, string.Join(',', values.AsEnumerable()));
        }

        json.WriteEndObject();
    }

    private static void WriteContext(
        Utf8JsonWriter json, HttpRequest request, UrlTarget target, Principal? caller, string requestId,
        DateTimeOffset now)
    {
        json.WriteStartObject(Context);
        if (caller is null)
        {
            json.WriteString(AccountIdName, Anonymous);
        }
        else
        {
            json.WriteString(AccountIdName, caller.Account.Value);
            WriteAuthorizer(json, caller);
        }

        json.WriteString(ApiId, target.ApiId);
        json.WriteString(DomainName, request.Host.Value);
        json.WriteString(DomainPrefix, target.ApiId);
        json.WriteStartObject(Http);
        json.WriteString(Method, request.Method);
        json.WriteString(Path, target.Path);
        json.WriteString(Protocol, request.Protocol);
        json.WriteString(SourceIp, SourceAddress(request.HttpContext.Connection));
        if (request.Headers.UserAgent is { Count: > 0 } agent)
        {
            json.WriteString(UserAgent, agent[0]);
        }

        json.WriteEndObject();
        json.WriteString(RequestId, requestId);
        json.WriteString(RouteKey, Default);
        json.WriteString(Stage, Default);
        json.WriteString(Time, CommonLogTime(now));
        json.WriteNumber(TimeEpoch, now.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private static void WriteAuthorizer(Utf8JsonWriter json, Principal caller)
    {
        json.WriteStartObject(Authorizer);
        json.WriteStartObject("iam");
        json.WriteString("accessKey", caller.AccessKeyId);
        json.WriteString("accountId", caller.Account.Value);
        json.WriteString("callerId", caller.AccessKeyId);
        json.WriteNull("cognitoIdentity");
        json.WriteNull("principalOrgId");
        json.WriteString("userArn", caller.Arn);
        json.WriteString("userId", caller.AccessKeyId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, string? contentType, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            json.WriteBoolean(IsBase64Encoded, false);
        }
        else if (IsText(contentType) && System.Text.Unicode.Utf8.IsValid(body))
        {
            json.WriteString(Body, body);
            json.WriteBoolean(IsBase64Encoded, false);
        }
        else
        {
            json.WriteBase64String(Body, body);
            json.WriteBoolean(IsBase64Encoded, true);
        }
    }

    /// <summary>AWS hands textual media types over as text and everything else as base64, forms included.</summary>
    private static bool IsText(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return true;
        }

        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        return type.StartsWith("text/", IgnoreCase)
            || type.Equals("application/json", IgnoreCase)
            || type.Equals("application/javascript", IgnoreCase)
            || type.Equals("application/xml", IgnoreCase)
            || type.EndsWith("+json", IgnoreCase)
            || type.EndsWith("+xml", IgnoreCase);
    }

    public static string SourceAddress(ConnectionInfo connection) => connection.RemoteIpAddress is { } address
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : address.ToString()
        : "127.0.0.1";

    /// <summary>12/Mar/2020:19:03:58 +0000, formatted once a second.</summary>
    private static string CommonLogTime(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        if (Interlocked.Read(ref cachedSecond) != second)
        {
            cachedSecondText = now.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
            Interlocked.Exchange(ref cachedSecond, second);
        }

        return cachedSecondText;
    }
}

/// <summary>Who sent a request to a function URL, and as which call.</summary>
/// <param name="Principal">Who signed, or null for a URL without authentication.</param>
/// <param name="RequestId">The call's id.</param>
/// <param name="Trace">What the function is to hand on; none: its headers come as they are.</param>
internal readonly record struct UrlCaller(Principal? Principal, string RequestId, TraceContext Trace = default);

/// <summary>What a request to a function URL asks of the function.</summary>
/// <param name="Path">The path behind the function's address, as sent; at least /.</param>
/// <param name="Query">The query without the question mark, as sent; empty for none.</param>
/// <param name="ApiId">The name the URL is known by in the event: the function's.</param>
internal readonly record struct UrlTarget(string Path, string Query, string ApiId);
