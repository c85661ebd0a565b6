using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Native;

/// <summary>
/// /v1: what AWS has no call for. Requests are signed like those of the Lambda API; answers and errors are JSON with
/// camel-case names.
/// </summary>
internal sealed partial class NativeEndpoints(
    IRequestAuthenticator authenticator, RequestIds requestIds, ILogger<NativeEndpoints> logger)
{
    private const int RequestBytesMaxDefault = 1024 * 1024;

    /// <summary>Maps one operation; <paramref name="handle"/> writes the answer itself or returns a failure.</summary>
    public void Map(
        IEndpointRouteBuilder routes,
        string method,
        string pattern,
        NativeHandler handle,
        int requestBytesMax = RequestBytesMaxDefault) =>
        MapUnsigned(
            routes, method, pattern, (http, body) => AuthenticateAsync(http, handle, body), requestBytesMax);

    /// <summary>Maps one operation that a browser calls unsigned: it must establish the caller itself.</summary>
    public void MapUnsigned(
        IEndpointRouteBuilder routes,
        string method,
        string pattern,
        Func<HttpContext, ReadOnlyMemory<byte>, Task<Error?>> handle,
        int requestBytesMax) =>
        routes.MapMethods(pattern, [method], http => ServeAsync(http, handle, requestBytesMax));

    private async Task ServeAsync(
        HttpContext http, Func<HttpContext, ReadOnlyMemory<byte>, Task<Error?>> handle, int requestBytesMax)
    {
        var requestId = requestIds.Next();
        http.Response.Headers["x-request-id"] = requestId;
        Error? error;
        try
        {
            error = await HandleAsync(http, handle, requestBytesMax);
        }
        catch (StoreException refused)
        {
            error = new Error(refused.Code, refused.Message);
        }
        catch (Exception bug) when (
            !http.Response.HasStarted && bug is not (OperationCanceledException or BadHttpRequestException))
        {
            LogUnexpected(http.Request.Path, requestId, bug);
            error = new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}.");
        }

        if (error is not null)
        {
            await WriteErrorAsync(http, requestId, error);
        }
    }

    private static async Task<Error?> HandleAsync(
        HttpContext http, Func<HttpContext, ReadOnlyMemory<byte>, Task<Error?>> handle, int requestBytesMax)
    {
        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, requestBytesMax))
        {
            return new Error(ErrorCode.RequestTooLarge, $"The body must be at most {requestBytesMax} bytes.");
        }

        // The body may have been completed by the thread that serves sockets. What follows may take long.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await handle(http, body.Written);
    }

    private async Task<Error?> AuthenticateAsync(HttpContext http, NativeHandler handle, ReadOnlyMemory<byte> body)
    {
        var authenticated = await authenticator.AuthenticateAsync(http, body);
        if (authenticated.Failed(out var principal, out var unknown))
        {
            return unknown;
        }

        // A function's own credentials open the AWS APIs only; the operator's view is the account's.
        return principal.Function is null
            ? await handle(http, principal, body)
            : new Error(ErrorCode.AccessDenied, $"{principal.Arn} may not use the native API.");
    }

    /// <summary>Reads a JSON body; the error names what is wrong.</summary>
    public static Result<T> Read<T>(
        ReadOnlyMemory<byte> body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) is { } value
                ? value
                : new Error(ErrorCode.ValidationFailed, "The body must be a JSON object, not null.");
        }
        catch (JsonException exception)
        {
            return new Error(ErrorCode.ValidationFailed, $"The body is not valid: {exception.Message}", exception.Path);
        }
    }

    public static Task WriteAsync<T>(
        HttpContext http, int status, T answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(answer, type, cancellationToken: http.RequestAborted);
    }

    private static Task WriteErrorAsync(HttpContext http, string requestId, Error error) => WriteAsync(
        http,
        Status(error.Code),
        new NativeErrorAnswer(new NativeError(error.Code.ToString(), error.Message, error.Field, requestId)),
        NativeJson.Default.NativeErrorAnswer);

    private static int Status(ErrorCode code) => Aws.Protocols.AwsErrors.Map(code).Status;

    [LoggerMessage(301, LogLevel.Error, "{Path} failed unexpectedly, request id {RequestId}")]
    private partial void LogUnexpected(string path, string requestId, Exception exception);
}

/// <summary>Answers a native request: writes the answer and returns null, or returns the failure to write.</summary>
internal delegate Task<Error?> NativeHandler(HttpContext http, Principal principal, ReadOnlyMemory<byte> body);
