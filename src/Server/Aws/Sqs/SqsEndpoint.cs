using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Http;
using Lambent.Server.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Sqs;

/// <summary>
/// Amazon SQS in both of its protocols: JSON, told by X-Amz-Target, and Query. Both come to the root of the port or to
/// a queue's own URL, and are recognized by the scope of their signature. Reading, signature, access and failures are
/// dealt with here once for all operations.
/// </summary>
internal sealed partial class SqsEndpoint
{
    public const string Service = "sqs";

    private const string Target = "AmazonSQS.";
    private const string TargetHeader = "X-Amz-Target";
    private const string JsonType = "application/x-amz-json-1.0";
    private const int BodiesBytesMax = 256 * Limits.MiB;

    private readonly SignatureVerifier verifier;
    private readonly QueueService queues;
    private readonly Func<string> newId;
    private readonly ILogger<SqsEndpoint> logger;
    private readonly Dictionary<string, SqsOperation> operations;
    private readonly RequestBodyBudget bodies = new(BodiesBytesMax);

    public SqsEndpoint(
        SignatureVerifier verifier,
        QueueService queues,
        IReadOnlyList<SqsOperation> operations,
        Func<string> newId,
        ILogger<SqsEndpoint> logger)
    {
        this.verifier = verifier;
        this.queues = queues;
        this.newId = newId;
        this.logger = logger;
        this.operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
    }

    /// <summary>Takes what is for SQS out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    /// <summary>Whether a request says that it is for SQS; cheap for what is not.</summary>
    public static bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsGet(request.Method))
        {
            return false;
        }

        if (request.Headers.Authorization is [{ } authorization])
        {
            return AuthorizationHeader.TryParse(authorization, out var header) && IsForSqs(header.Credential);
        }

        return request.Headers.TryGetValue(TargetHeader, out var target)
            ? target.ToString().StartsWith(Target, StringComparison.Ordinal)
            : request.QueryString.HasValue
                && request.Query.TryGetValue(SignatureNames.CredentialParameter, out var credential)
                && IsForSqs(credential.ToString());
    }

    public async Task ServeAsync(HttpContext http)
    {
        var requestId = newId();
        var isJson = http.Request.Headers.ContainsKey(TargetHeader);
        string? name = null;
        byte[] body;
        try
        {
            var answered = await AnswerAsync(http, isJson, operation => name = operation);
            body = answered.Failed(out var output, out var failure)
                ? Fail(http, isJson, failure, requestId)
                : isJson ? SqsJson.Write(output) : SqsXml.Write(name!, output, requestId);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (StoreException refused)
        {
            LogStoreRefused(name, requestId, refused);
            body = Fail(http, isJson, new Error(refused.Code, refused.Message), requestId);
        }
        catch (Exception bug) when (bug is not BadHttpRequestException && !http.Response.HasStarted)
        {
            LogUnexpected(name, requestId, bug);
            var error = new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}.");
            body = Fail(http, isJson, error, requestId);
        }

        http.Response.Headers[AwsEndpoints.RequestIdHeader] = requestId;
        http.Response.ContentType = isJson ? JsonType : "text/xml";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async Task<Result<SqsStructure>> AnswerAsync(HttpContext http, bool isJson, Action<string> named)
    {
        // :: Step 1: Read the body, unless the head tells already that it is in vain.
        RequestBody.LiftServerLimit(http);
        if (verifier.VerifyHead(http).Failed(out var head, out var stranger))
        {
            return stranger;
        }

        var read = await RequestBody.ReadAsync(http, Service, Limits.QueueRequestBytesMax, bodies);
        if (read.Failed(out var body, out var tooLarge))
        {
            return tooLarge;
        }

        using var release = body;

        // The body may have been completed by the thread that serves sockets. What follows reads the disk.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // :: Step 2: Who is it, and what is asked for?
        if (Verify(http, head, body.Bytes.Span).Failed(out var principal, out var unverified))
        {
            return unverified;
        }

        var parsed = isJson ? ReadJson(body.Bytes) : ReadForm(http.Request, body.Bytes);
        if (parsed.Failed(out var members, out var unreadable))
        {
            return unreadable;
        }

        var input = new SqsInput(members, isForm: !isJson);
        var action = isJson ? ActionOf(http.Request.Headers[TargetHeader].ToString()) : input.Text("Action");
        if (string.IsNullOrEmpty(action))
        {
            return QueueErrors.Missing("Action");
        }

        if (!operations.TryGetValue(action, out var operation))
        {
            return new Error(
                ErrorCode.UnknownOperation,
                $"The action {action} is not valid for this web service.",
                "Action");
        }

        named(operation.Name);

        // :: Step 3: On which queue, and may the caller do that?
        if (QueueOf(http, operation, input).Failed(out var queue, out var unnamed))
        {
            return unnamed;
        }

        if (Denied(principal, operation, queue) is { } denied)
        {
            return denied;
        }

        // :: Step 4: Do it.
        var endpoint = $"{http.Request.Scheme}://{http.Request.Host}";
        return await operation.Handle(new SqsCall(principal, input, queue, endpoint, http.RequestAborted)
        {
            TraceHeader = TraceHeaders.ReadText(http.Request.Headers),
        });
    }

    /// <summary>Where the signature was found right with a body's hash, only the body is left to compare.</summary>
    private Result<Principal> Verify(HttpContext http, VerifiedHead head, ReadOnlySpan<byte> body) =>
        head.PayloadHash is not { } claimed ? verifier.Verify(http, body)
        : SignatureVerifier.IsPayload(claimed, body) ? head.Principal
        : SignatureErrors.PayloadMismatch;

    private static string ActionOf(string target) =>
        target.StartsWith(Target, StringComparison.Ordinal) ? target[Target.Length..] : target;

    /// <summary>
    /// For another account's queue the answer is the same whether or not it exists: what lets nobody in is not there.
    /// </summary>
    private Error? Denied(Principal principal, SqsOperation operation, QueueId queue)
    {
        var isOnQueue = operation.Scope != SqsScope.Account;
        var arn = isOnQueue ? queue.Arn(queues.Region) : "*";
        var isForeign = isOnQueue && queue.Account != principal.Account;
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = operation.Action,
            Account = isOnQueue ? queue.Account : principal.Account,
            Principal = principal,
            Policy = isForeign && operation.Scope == SqsScope.Granted
                ? QueuePolicy.Grants(queues.Find(queue)?.Settings.Policy, arn)
                : null,
        });
        return decision.IsAllowed() ? null : Authorization.ToError(decision, principal, operation.Action, arn);
    }

    /// <summary>From the parameter, or from the path when the request came to the queue's own URL.</summary>
    private static Result<QueueId> QueueOf(HttpContext http, SqsOperation operation, SqsInput input)
    {
        if (operation.Scope == SqsScope.Account)
        {
            return default(QueueId);
        }

        var path = http.Request.Path.Value is { Length: > 1 } own ? own : null;
        var url = input.Text("QueueUrl") ?? path;
        if (input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (string.IsNullOrEmpty(url))
        {
            return QueueErrors.Missing("QueueUrl");
        }

        var parts = url.TrimEnd('/').Split('/');
        return parts.Length >= 2 && AccountId.TryParse(parts[^2], out var account) && QueueId.IsName(parts[^1])
            ? new QueueId(account, parts[^1])
            : QueueErrors.NotFound;
    }

    private static Result<JsonElement> ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : new Error(ErrorCode.RequestUnreadable, "The body is not a JSON object.");
        }
        catch (JsonException malformed)
        {
            return new Error(ErrorCode.RequestUnreadable, $"The body is not JSON: {malformed.Message}");
        }
    }

    private static Result<JsonElement> ReadForm(HttpRequest request, ReadOnlyMemory<byte> body) => SqsForm.Read(
        HttpMethods.IsPost(request.Method)
            ? Encoding.UTF8.GetString(body.Span)
            : request.QueryString.Value is { Length: > 1 } query ? query[1..] : "");

    private static byte[] Fail(HttpContext http, bool isJson, Error error, string requestId)
    {
        var fault = SqsErrors.Map(error);
        http.Response.StatusCode = fault.Status;
        if (!isJson)
        {
            return SqsXml.Write(fault, error, requestId);
        }

        // How clients that know the codes of the Query protocol go on to see them.
        http.Response.Headers["x-amzn-query-error"] =
            $"{fault.QueryCode};{(fault.Status < 500 ? "Sender" : "Receiver")}";
        return SqsJson.Write(fault, error);
    }

    private static bool IsForSqs(ReadOnlySpan<char> credential) =>
        CredentialScope.TryParse(credential, out var scope) && scope.Service.SequenceEqual(Service);

    [LoggerMessage(2201, LogLevel.Error, "{Operation} of SQS failed unexpectedly; request {RequestId}")]
    private partial void LogUnexpected(string? operation, string requestId, Exception exception);

    [LoggerMessage(2202, LogLevel.Warning, "{Operation} of SQS was refused by the store; request {RequestId}")]
    private partial void LogStoreRefused(string? operation, string requestId, Exception exception);
}
