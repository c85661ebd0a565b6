using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Storage;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.S3;

/// <summary>
/// Amazon S3's REST API on the port of all others. What tells it apart is the service that the signature's credential
/// scope names, in the header or in a presigned address: buckets may have any name that other paths begin with. A
/// request without a signature is never S3's.
/// </summary>
internal sealed partial class S3Endpoint(
    SignatureVerifier verifier, S3Operations operations, Func<string> newId, ILogger<S3Endpoint> logger)
{
    public const string Service = "s3";

    public static SignatureScope Scope(string region) => new(region, Service)
    {
        AcceptsUnsignedPayload = true,
        AcceptsChunkedPayload = true,
        PathRule = PathRule.Verbatim,
    };

    /// <summary>Takes what is for S3 out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    /// <summary>Whether a request says that it is signed for S3; cheap for what is not.</summary>
    public static bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.Authorization is [{ } authorization])
        {
            return AuthorizationHeader.TryParse(authorization, out var header) && IsForS3(header.Credential);
        }

        return request.QueryString.HasValue
            && ((request.Query.TryGetValue(SignatureNames.CredentialParameter, out var credential)
                && IsForS3(credential.ToString())) || IsOldPresigned(request));
    }

    /// <summary>Presigned by the version before: only S3 ever took such addresses, and takes no new ones.</summary>
    private static bool IsOldPresigned(HttpRequest request) =>
        request.Query.ContainsKey("AWSAccessKeyId") && request.Query.ContainsKey("Signature");

    public async Task ServeAsync(HttpContext http)
    {
        var requestId = newId();
        WriteIds(http, requestId);
        string? name = null;
        Error? error;
        try
        {
            error = await AnswerAsync(http, requestId, operation => name = operation);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (StoreException refused)
        {
            LogStoreRefused(name, requestId, refused);
            error = new Error(refused.Code, refused.Message);
            if (!http.Response.HasStarted)
            {
                // What was said of an object that cannot be read is not said of the error.
                http.Response.Clear();
                WriteIds(http, requestId);
            }
        }
        catch (Exception bug) when (bug is not BadHttpRequestException && !http.Response.HasStarted)
        {
            LogUnexpected(name, requestId, bug);
            error = new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}.");
        }

        if (error is not null)
        {
            await WriteErrorAsync(http, error, requestId);
        }
    }

    private async Task<Error?> AnswerAsync(HttpContext http, string requestId, Action<string> named)
    {
        // What follows reads the disk; this may be the thread that serves sockets.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        RequestBody.LiftServerLimit(http);
        if (IsOldPresigned(http.Request))
        {
            return ObjectErrors.Argument(
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256: "
                + "signature_version s3v4 in the client's configuration.",
                null,
                ObjectErrors.RequestInvalid);
        }

        if (verifier.VerifyHead(http).Failed(out var head, out var unverified))
        {
            return http.Request.Query.ContainsKey(SignatureNames.ExpiresParameter)
                && unverified.Code == ErrorCode.SignatureExpired
                    ? new Error(ErrorCode.AccessDenied, "Request has expired")
                    : unverified;
        }

        if (head.PayloadHash is null)
        {
            return ObjectErrors.Argument(
                $"Missing required header for this request: {SignatureNames.ContentHashHeader}",
                null,
                ObjectErrors.RequestInvalid);
        }

        if (S3Target.Read(http).Failed(out var target, out var unreadable))
        {
            return unreadable;
        }

        if (operations.Find(http.Request, target).Failed(out var operation, out var unknown))
        {
            return unknown;
        }

        named(operation.Name);
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = operation.Action, Account = head.Principal.Account, Principal = head.Principal,
        });
        if (!decision.IsAllowed())
        {
            var arn = "arn:aws:s3:::" + (target.Key.Length == 0 ? target.Bucket : $"{target.Bucket}/{target.Key}");
            return Authorization.ToError(decision, head.Principal, operation.Action, arn);
        }

        return await operation.Handle(new S3Call(http, head, target, requestId));
    }

    private static void WriteIds(HttpContext http, string requestId)
    {
        http.Response.Headers["x-amz-request-id"] = requestId;
        http.Response.Headers["x-amz-id-2"] = requestId;
    }

    private static async Task WriteErrorAsync(HttpContext http, Error error, string requestId)
    {
        if (http.Response.HasStarted)
        {
            // Nobody takes the half of an object for the whole.
            http.Abort();
            return;
        }

        var (status, code) = S3Errors.Map(error);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        var body = S3Xml.WriteError(error, code, http.Request.Path.Value ?? "/", requestId);
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    private static bool IsForS3(ReadOnlySpan<char> credential) =>
        CredentialScope.TryParse(credential, out var scope) && scope.Service.SequenceEqual(Service);

    [LoggerMessage(2611, LogLevel.Error, "{Operation} of S3 failed unexpectedly; request {RequestId}")]
    private partial void LogUnexpected(string? operation, string requestId, Exception exception);

    [LoggerMessage(2612, LogLevel.Warning, "{Operation} of S3 was refused by the store; request {RequestId}")]
    private partial void LogStoreRefused(string? operation, string requestId, Exception exception);
}
