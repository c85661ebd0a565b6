using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Lambent.Server.Aws.Sts;

/// <summary>
/// AWS STS, of which tools use one operation: GetCallerIdentity, to learn which account a key belongs to. It is served
/// at the root of the port, like every API of the Query protocol, and recognized by the credential scope of its
/// signature: the form alone would not tell it from SNS or SQS.
/// </summary>
internal sealed partial class StsEndpoint(
    SignatureVerifier verifier, Func<string> newId, ILogger<StsEndpoint> logger)
{
    public const string Service = "sts";

    private const string Version = "2011-06-15";
    private const int RequestBytesMax = 64 * Limits.KiB;
    private const int BodiesBytesMax = 16 * Limits.MiB;
    private const int ParametersMax = 256;

    /// <summary>Operations of STS that are none here, and why.</summary>
    private static readonly string[] UnsupportedActions =
    [
        "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "GetAccessKeyInfo",
        "GetDelegatedAccessToken", "GetFederationToken", "GetSessionToken", "DecodeAuthorizationMessage",
    ];

    private readonly RequestBodyBudget bodies = new(BodiesBytesMax);

    /// <summary>Takes what is for STS out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    /// <summary>Whether a request says that it is signed for STS. Cheap for all that is not at the root.</summary>
    public static bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (request.Path.Value is not ("/" or ""))
        {
            return false;
        }

        if (HttpMethods.IsPost(request.Method) && request.Headers.Authorization is [{ } authorization])
        {
            return AuthorizationHeader.TryParse(authorization, out var header) && IsForSts(header.Credential);
        }

        return request.QueryString.HasValue
            && request.Query.TryGetValue(SignatureNames.CredentialParameter, out var credential)
            && IsForSts(credential.ToString());
    }

    public async Task ServeAsync(HttpContext http)
    {
        var requestId = newId();
        var result = await AnswerAsync(http, requestId);
        var (status, body) = result.Failed(out var success, out var failure)
            ? StsAnswers.Failure(failure, requestId)
            : (200, success);
        http.Response.StatusCode = status;
        http.Response.Headers[AwsEndpoints.RequestIdHeader] = requestId;
        http.Response.ContentType = "text/xml";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async Task<Result<byte[]>> AnswerAsync(HttpContext http, string requestId)
    {
        // An unknown caller's body is not read.
        if (verifier.VerifyHead(http).Failed(out _, out var unknown))
        {
            return unknown;
        }

        var read = await RequestBody.ReadAsync(http, Service, RequestBytesMax, bodies);
        if (read.Failed(out var body, out var tooLarge))
        {
            return tooLarge;
        }

        using var release = body;
        if (verifier.Verify(http, body.Bytes.Span).Failed(out var principal, out var unverified))
        {
            return unverified;
        }

        if (ReadParameters(http.Request, body.Bytes).Failed(out var parameters, out var unreadable))
        {
            return unreadable;
        }

        return Perform(parameters, principal, requestId);
    }

    private Result<byte[]> Perform(
        Dictionary<string, StringValues> parameters, Principal principal, string requestId)
    {
        var action = parameters.GetValueOrDefault("Action").ToString();
        var version = parameters.GetValueOrDefault("Version").ToString();
        if (action.Length == 0)
        {
            return new Error(ErrorCode.MissingParameter, "The request must contain the parameter Action.", "Action");
        }

        if (action == "GetCallerIdentity" && version == Version)
        {
            return StsAnswers.CallerIdentity(principal, requestId);
        }

        if (version == Version && UnsupportedActions.Contains(action))
        {
            LogUnsupported(logger, action, principal.Arn);
            return new Error(
                ErrorCode.NotSupported,
                $"{action} is not supported by this server, which has no roles and no federation. Sign with an access "
                + "key of the account; functions find credentials of their own in their environment.",
                "Action");
        }

        return new Error(
            ErrorCode.UnknownOperation,
            $"Could not find operation {action} for version {(version.Length > 0 ? version : "NO_VERSION_SPECIFIED")}",
            "Action");
    }

    private static Result<Dictionary<string, StringValues>> ReadParameters(
        HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return request.Query.ToDictionary(StringComparer.Ordinal);
        }

        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body.Span)) { ValueCountLimit = ParametersMax };
            return reader.ReadForm();
        }
        catch (InvalidDataException malformed)
        {
            return new Error(ErrorCode.RequestUnreadable, $"The form could not be read: {malformed.Message}");
        }
    }

    private static bool IsForSts(ReadOnlySpan<char> credential) =>
        CredentialScope.TryParse(credential, out var scope) && scope.Service.SequenceEqual(Service);

    [LoggerMessage(2101, LogLevel.Information, "{Action} of STS was asked for by {Caller} and is not supported")]
    private static partial void LogUnsupported(ILogger logger, string action, string caller);
}
