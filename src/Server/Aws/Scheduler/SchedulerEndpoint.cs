using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>
/// The API of EventBridge Scheduler. Its paths are too plain to be its own, so a request is for it when it is signed
/// for it.
/// </summary>
internal sealed partial class SchedulerEndpoint(
    SignatureVerifier verifier,
    IReadOnlyList<SchedulerOperation> operations,
    Func<string> newId,
    ILogger<SchedulerEndpoint> logger)
{
    public const string Service = "scheduler";

    /// <summary>An input is at most an event's size; every byte of it may be escaped.</summary>
    private const int RequestBytesMax = 4 * Limits.MiB;

    private readonly RequestBodyBudget bodies = new();

    /// <summary>Takes what is for the scheduler out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    /// <summary>Whether a request says that it is for the scheduler; cheap for what is not.</summary>
    public static bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.Authorization is [{ } authorization])
        {
            return AuthorizationHeader.TryParse(authorization, out var header) && IsOurs(header.Credential);
        }

        return request.QueryString.HasValue
            && request.Query.TryGetValue(SignatureNames.CredentialParameter, out var credential)
            && IsOurs(credential.ToString());
    }

    public async Task ServeAsync(HttpContext http)
    {
        var requestId = newId();
        string? name = null;
        AwsResponse response;
        try
        {
            var answered = await AnswerAsync(http, operation => name = operation);
            response = answered.Failed(out var success, out var failure) ? SchedulerErrors.Response(failure) : success;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (StoreException refused)
        {
            LogStoreRefused(name, requestId, refused);
            response = SchedulerErrors.Response(new Error(refused.Code, refused.Message));
        }
        catch (Exception bug) when (bug is not BadHttpRequestException && !http.Response.HasStarted)
        {
            LogUnexpected(name, requestId, bug);
            response = SchedulerErrors.Response(new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}."));
        }

        await AwsEndpoints.WriteAsync(http, requestId, response);
    }

    private async Task<Result<AwsResponse>> AnswerAsync(HttpContext http, Action<string> named)
    {
        // :: Step 1: Read the body, unless the head tells already that it is in vain.
        RequestBody.LiftServerLimit(http);
        if (verifier.VerifyHead(http).Failed(out _, out var stranger))
        {
            return stranger;
        }

        var read = await RequestBody.ReadAsync(http, Service, RequestBytesMax, bodies);
        if (read.Failed(out var body, out var tooLarge))
        {
            return tooLarge;
        }

        using var release = body;

        // The body may have been completed by the thread that serves sockets. What follows reads the disk.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // :: Step 2: Who is it, and what is asked for?
        if (verifier.Verify(http, body.Bytes.Span).Failed(out var principal, out var unverified))
        {
            return unverified;
        }

        if (Find(http, out var resource) is not { } operation)
        {
            return new Error(
                ErrorCode.UnknownOperation,
                $"{http.Request.Method} {http.Request.Path} is not an operation of the scheduler.");
        }

        named(operation.Name);

        // :: Step 3: May the caller do that? A schedule is of the caller's account, and nobody grants it to others.
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = operation.Action, Account = principal.Account, Principal = principal,
        });
        if (!decision.IsAllowed())
        {
            return Authorization.ToError(decision, principal, operation.Action, "*");
        }

        // :: Step 4: Do it.
        return await operation.Handle(new SchedulerCall(
            principal, operation.Name, resource, http.Request.Query, body.Bytes, http.RequestAborted));
    }

    /// <summary>
    /// Matches the path as it was sent: an encoded slash is part of an ARN, and so is one that a client left as it is.
    /// </summary>
    private SchedulerOperation? Find(HttpContext http, out string resource)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? http.Request.Path.Value ?? "";
        var path = target.Split('?', 2)[0];
        var collection = path.Trim('/').Split('/', 2)[0];
        var rest = path.TrimStart('/')[collection.Length..].TrimStart('/');
        resource = Uri.UnescapeDataString(rest);
        var hasResource = resource.Length > 0;
        return operations.FirstOrDefault(operation =>
            operation.Method == http.Request.Method && operation.Collection == collection
            && operation.HasResource == hasResource);
    }

    private static bool IsOurs(ReadOnlySpan<char> credential) =>
        CredentialScope.TryParse(credential, out var scope) && scope.Service.SequenceEqual(Service);

    [LoggerMessage(2251, LogLevel.Error, "{Operation} of the scheduler failed unexpectedly; request {RequestId}")]
    private partial void LogUnexpected(string? operation, string requestId, Exception exception);

    [LoggerMessage(
        2252, LogLevel.Warning, "{Operation} of the scheduler was refused by the store; request {RequestId}")]
    private partial void LogStoreRefused(string? operation, string requestId, Exception exception);
}
