using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Protocols;

/// <summary>An API that takes JSON at the root of the port.</summary>
/// <param name="Name">As the scopes of signatures name it.</param>
/// <param name="Product">As people call it.</param>
/// <param name="Target">What X-Amz-Target begins with, the dot included.</param>
/// <param name="ContentType">Of its answers.</param>
/// <param name="RequestBytesMax">The largest body.</param>
internal sealed record JsonService(
    string Name, string Product, string Target, string ContentType, int RequestBytesMax);

/// <summary>One operation of such an API.</summary>
internal interface IJsonOperation
{
    /// <summary>As in the API document.</summary>
    string Name { get; }
}

/// <summary>
/// An API that takes JSON at the root of the port, told by X-Amz-Target and the scope of its signature. Reading,
/// signature, access and failures are dealt with here once for all operations of all such APIs.
/// </summary>
internal abstract partial class JsonEndpoint<TOperation>
    where TOperation : IJsonOperation
{
    private const string TargetHeader = "X-Amz-Target";

    private readonly JsonService service;
    private readonly SignatureVerifier verifier;
    private readonly Func<string> newId;
    private readonly ILogger logger;
    private readonly Dictionary<string, TOperation> operations;
    private readonly RequestBodyBudget bodies = new();

    protected JsonEndpoint(
        JsonService service,
        SignatureVerifier verifier,
        IReadOnlyList<TOperation> operations,
        Func<string> newId,
        ILogger logger)
    {
        (this.service, this.verifier, this.newId, this.logger) = (service, verifier, newId, logger);
        this.operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
    }

    /// <summary>Takes what is for the API out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    /// <summary>What forbids the operation to the caller, or null.</summary>
    protected abstract Error? Denied(Principal principal, TOperation operation, DataObject members);

    /// <summary>Does it; what has written its answer itself is not answered again.</summary>
    protected abstract Task<Result<DataObject>> HandleAsync(
        TOperation operation, Principal principal, DataObject members, HttpContext http, string requestId);

    /// <summary>A failure as the API tells it.</summary>
    protected abstract (int Status, DataObject Body) Answer(Error error);

    /// <summary>Whether a request says that it is for the API; cheap for what is not.</summary>
    private bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            return false;
        }

        return request.Headers.Authorization is [{ } authorization]
            ? AuthorizationHeader.TryParse(authorization, out var header)
                && CredentialScope.TryParse(header.Credential, out var scope)
                && scope.Service.SequenceEqual(service.Name)
            : request.Headers.TryGetValue(TargetHeader, out var target)
                && target.ToString().StartsWith(service.Target, StringComparison.Ordinal);
    }

    private async Task ServeAsync(HttpContext http)
    {
        var requestId = newId();
        string? name = null;
        DataObject body;
        try
        {
            var answered = await AnswerAsync(http, requestId, operation => name = operation);
            if (http.Response.HasStarted)
            {
                return;
            }

            body = answered.Failed(out var success, out var failure) ? Fail(http, failure) : success;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (StoreException refused)
        {
            LogStoreRefused(name, service.Product, requestId, refused);
            body = Fail(http, new Error(refused.Code, refused.Message));
        }
        catch (Exception bug) when (bug is not BadHttpRequestException && !http.Response.HasStarted)
        {
            LogUnexpected(name, service.Product, requestId, bug);
            body = Fail(http, new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}."));
        }

        var bytes = DataWriter.ToUtf8(body);
        http.Response.Headers[AwsEndpoints.RequestIdHeader] = requestId;
        http.Response.ContentType = service.ContentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private async Task<Result<DataObject>> AnswerAsync(
        HttpContext http, string requestId, Action<string> named)
    {
        // :: Step 1: Read the body, unless the head tells already that it is in vain.
        RequestBody.LiftServerLimit(http);
        if (verifier.VerifyHead(http).Failed(out _, out var stranger))
        {
            return stranger;
        }

        var read = await RequestBody.ReadAsync(http, service.Name, service.RequestBytesMax, bodies);
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

        var target = http.Request.Headers[TargetHeader].ToString();
        var action = target.StartsWith(service.Target, StringComparison.Ordinal)
            ? target[service.Target.Length..]
            : target;
        if (!operations.TryGetValue(action, out var operation))
        {
            return new Error(ErrorCode.UnknownOperation, $"'{action}' is not an operation of {service.Product}.");
        }

        named(operation.Name);
        var parsed = body.Bytes.IsEmpty ? new DataReading(DataObject.Empty, null) : DataReader.Read(body.Bytes.Span);
        if (parsed.Value is not DataObject members)
        {
            return new Error(
                ErrorCode.RequestUnreadable,
                parsed.Problem is { } problem
                    ? $"The body is not JSON: {problem}."
                    : "The body is not a JSON object.");
        }

        // :: Step 3: On whose resource, and may the caller do that?
        if (Denied(principal, operation, members) is { } denied)
        {
            return denied;
        }

        // :: Step 4: Do it.
        return await HandleAsync(operation, principal, members, http, requestId);
    }

    private DataObject Fail(HttpContext http, Error error)
    {
        var (status, body) = Answer(error);
        http.Response.StatusCode = status;
        return body;
    }

    [LoggerMessage(2261, LogLevel.Error, "{Operation} of {Service} failed unexpectedly; request {RequestId}")]
    private partial void LogUnexpected(string? operation, string service, string requestId, Exception exception);

    [LoggerMessage(2262, LogLevel.Warning, "{Operation} of {Service} was refused by the store; request {RequestId}")]
    private partial void LogStoreRefused(string? operation, string service, string requestId, Exception exception);
}
