using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Sandbox.Pool;
using Lambent.Server.Access;
using Lambent.Server.Functions;
using Lambent.Server.Http;
using Lambent.Server.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress;

/// <summary>
/// POST /v1/traces: OpenTelemetry's protocol over HTTP, as protobuf or JSON, also gzipped (OTLP specification 1.x). Out
/// of a sandbox the connection says whose spans they are, everywhere else the signature; what the body says of that
/// counts for nothing.
/// </summary>
/// <param name="pool">Knows which function an environment serves.</param>
/// <param name="directory">Functions, for their secrets.</param>
/// <param name="authenticator">For requests from outside.</param>
/// <param name="intake">Takes the spans.</param>
/// <param name="masksSecrets">Whether values of variables that are named as secrets are taken out.</param>
internal sealed class OtlpEndpoint(
    EnvironmentPool pool,
    FunctionDirectory directory,
    IRequestAuthenticator authenticator,
    SpanIntake intake,
    bool masksSecrets)
{
    private const string Path = "/v1/traces";

    /// <summary>An environment never changes its function, so what was found once stays true.</summary>
    private const int EnvironmentsKept = 4_096;

    /// <summary>Head and end of a packed body in which there is nothing (RFC 1952).</summary>
    private const int GzipBytesMin = 18;

    // Codes of google.rpc.Code.
    private const int InvalidArgument = 3;
    private const int PermissionDenied = 7;
    private const int Unavailable = 14;

    private readonly ConcurrentDictionary<string, (FunctionId Function, string Version)> environments = [];

    /// <summary>Answers an export; null when the request is for somebody else.</summary>
    public Task? TryServe(HttpContext http) =>
        http.Request.Path.Value == Path && HttpMethods.IsPost(http.Request.Method) ? ServeAsync(http) : null;

    private async Task ServeAsync(HttpContext http)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (OtlpProtobuf.ContentType or OtlpJson.ContentType))
        {
            await FailAsync(
                http, StatusCodes.Status415UnsupportedMediaType, InvalidArgument,
                $"The content type must be {OtlpProtobuf.ContentType} or {OtlpJson.ContentType}.");
            return;
        }

        // Who is not known costs no memory for a body; out of a sandbox the connection says who it is.
        var isInside = http.Features.Get<EnvironmentIdentity>() is not null;
        if (!isInside && authenticator.CheckHead(http) is { } stranger)
        {
            await FailAsync(http, StatusCodes.Status403Forbidden, PermissionDenied, stranger.Message);
            return;
        }

        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.SpanRequestBytesMax))
        {
            await FailAsync(http, StatusCodes.Status413PayloadTooLarge, InvalidArgument, TooLarge);
            return;
        }

        // What follows takes longer than the thread that serves sockets has time for.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (await OwnerAsync(http, body.Written) is not { } owner)
        {
            return;
        }

        await TakeAsync(http, type, owner, body.Written);
    }

    private async Task TakeAsync(HttpContext http, string type, SpanOwner owner, ReadOnlyMemory<byte> body)
    {
        var encoding = http.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await FailAsync(
                http, StatusCodes.Status415UnsupportedMediaType, InvalidArgument,
                "The content encoding must be gzip or none.");
            return;
        }

        var bytes = encoding == "gzip" ? Unpack(body, out var refusal) : Pass(body, out refusal);
        if (bytes is not { } unpacked)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, InvalidArgument, refusal);
            return;
        }

        var resources = type == OtlpJson.ContentType
            ? OtlpJson.TryRead(unpacked, out var problem)
            : OtlpProtobuf.TryRead(unpacked.Span, out problem);
        if (resources is null)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, InvalidArgument, problem);
            return;
        }

        var result = intake.Take(owner, resources);
        await WriteAsync(
            http,
            StatusCodes.Status200OK,
            OtlpProtobuf.WriteAnswer(result.Rejected, result.Problem),
            json =>
            {
                if (result.Rejected > 0)
                {
                    json.WriteStartObject("partialSuccess");
                    json.WriteString("rejectedSpans", result.Rejected.ToString("D", null));
                    json.WriteString("errorMessage", result.Problem);
                    json.WriteEndObject();
                }
            });
    }

    private static string TooLarge => $"A request may have {Limits.SpanRequestBytesMax} bytes, unpacked.";

    /// <summary>Null when the request was refused.</summary>
    private async Task<SpanOwner?> OwnerAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        if (http.Features.Get<EnvironmentIdentity>() is { } identity)
        {
            if (Find(identity.EnvironmentId) is { } found)
            {
                return new SpanOwner(found.Function, found.Version, MaskOf(found.Function, found.Version));
            }

            await FailAsync(
                http, StatusCodes.Status503ServiceUnavailable, Unavailable, "The environment is not ready yet.");
            return null;
        }

        var authenticated = await authenticator.AuthenticateAsync(http, body);
        if (authenticated.Failed(out var principal, out var unknown))
        {
            await FailAsync(http, StatusCodes.Status403Forbidden, PermissionDenied, unknown.Message);
            return null;
        }

        return principal.Function is { } function
            ? new SpanOwner(function, "", MaskOf(function, FunctionVersion.LatestName))
            : new SpanOwner(new FunctionId(principal.Account, $"{TraceSpan.OtherOwner}external"), "", null);
    }

    private (FunctionId Function, string Version)? Find(string environmentId)
    {
        if (environments.TryGetValue(environmentId, out var known))
        {
            return known;
        }

        var found = pool.Describe().FirstOrDefault(environment => environment.Id == environmentId);
        if (found is null)
        {
            return null;
        }

        if (environments.Count >= EnvironmentsKept)
        {
            environments.Clear();
        }

        return environments[environmentId] = (found.Function, found.Version);
    }

    private SecretMask? MaskOf(FunctionId function, string version) =>
        masksSecrets && directory.Find(function)?.VersionOf(version)?.Variables is { } variables
            ? SecretMask.From(variables)
            : null;

    private static ReadOnlyMemory<byte>? Pass(ReadOnlyMemory<byte> body, out string refusal)
    {
        refusal = "";
        return body;
    }

    private static ReadOnlyMemory<byte>? Unpack(ReadOnlyMemory<byte> body, out string refusal)
    {
        refusal = "";
        try
        {
            using var packed = new MemoryStream(body.ToArray(), writable: false);
            using var unpacking = new GZipStream(packed, CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            var buffer = new byte[32 * Limits.KiB];
            while (unpacking.Read(buffer) is > 0 and var length)
            {
                if (unpacked.Length + length > Limits.SpanRequestBytesMax)
                {
                    refusal = TooLarge;
                    return null;
                }

                unpacked.Write(buffer, 0, length);
            }

            // What ends too early is unpacked as far as it goes, without a word; its length is in the last four bytes.
            if (body.Length < GzipBytesMin
                || BinaryPrimitives.ReadUInt32LittleEndian(body.Span[^sizeof(uint)..]) != unpacked.Length)
            {
                refusal = "The body is not gzip: it ends too early.";
                return null;
            }

            return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
        }
        catch (InvalidDataException malformed)
        {
            refusal = $"The body is not gzip: {malformed.Message}";
            return null;
        }
    }

    private static Task FailAsync(HttpContext http, int status, int code, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        return WriteAsync(http, status, OtlpProtobuf.WriteStatus(code, message), json =>
        {
            json.WriteNumber("code", code);
            json.WriteString("message", message);
        });
    }

    /// <summary>In the form of the request, as the specification demands.</summary>
    private static async Task WriteAsync(
        HttpContext http, int status, byte[] protobuf, Action<Utf8JsonWriter> writeJson)
    {
        http.Response.StatusCode = status;
        var isProtobuf = http.Request.ContentType?.StartsWith(
            OtlpProtobuf.ContentType, StringComparison.OrdinalIgnoreCase) == true;
        var bytes = protobuf;
        if (!isProtobuf)
        {
            using var buffer = new MemoryStream();
            await using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                writeJson(json);
                json.WriteEndObject();
            }

            bytes = buffer.ToArray();
        }

        http.Response.ContentType = isProtobuf ? OtlpProtobuf.ContentType : OtlpJson.ContentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
