using System.IO.Compression;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>
/// The metrics of CloudWatch in its three protocols: Query, which older clients speak, AWS JSON 1.0, told by
/// X-Amz-Target, and Smithy RPC v2 with CBOR, told by its header and path.
/// </summary>
internal sealed partial class CloudWatchEndpoint
{
    public const string Service = "monitoring";

    private const string Target = "GraniteServiceVersion20100801";
    private const string OperationPath = $"/service/{Target}/operation/";
    private const string TargetHeader = "X-Amz-Target";
    private const string ProtocolHeader = "smithy-protocol";
    private const string CborProtocol = "rpc-v2-cbor";

    /// <summary>AWS's bound of PutMetricData, which may be compressed on its way.</summary>
    private const int RequestBytesMax = Limits.MiB;

    private readonly SignatureVerifier verifier;
    private readonly Func<string> newId;
    private readonly ILogger logger;
    private readonly Dictionary<string, CloudWatchOperation> operations;
    private readonly RequestBodyBudget bodies = new();

    public CloudWatchEndpoint(
        SignatureVerifier verifier,
        IReadOnlyList<CloudWatchOperation> operations,
        Func<string> newId,
        ILogger<CloudWatchEndpoint> logger)
    {
        (this.verifier, this.newId, this.logger) = (verifier, newId, logger);
        this.operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
    }

    private enum Protocol
    {
        Query,
        Json,
        Cbor,
    }

    /// <summary>Takes what is for CloudWatch out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    private static bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsGet(request.Method))
        {
            return false;
        }

        return request.Headers.Authorization is [{ } authorization]
            ? AuthorizationHeader.TryParse(authorization, out var header)
                && CredentialScope.TryParse(header.Credential, out var scope)
                && scope.Service.SequenceEqual(Service)
            : request.Path.StartsWithSegments(OperationPath.TrimEnd('/'), StringComparison.Ordinal)
                || request.Headers[TargetHeader].ToString().StartsWith(Target, StringComparison.Ordinal);
    }

    private static Protocol ProtocolOf(HttpRequest request) =>
        request.Headers[ProtocolHeader] == CborProtocol ? Protocol.Cbor
        : request.Headers.ContainsKey(TargetHeader) ? Protocol.Json
        : Protocol.Query;

    private async Task ServeAsync(HttpContext http)
    {
        var requestId = newId();
        var protocol = ProtocolOf(http.Request);
        string? name = null;
        Result<AnswerStructure> answered;
        try
        {
            answered = await AnswerAsync(http, protocol, operation => name = operation);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (StoreException refused)
        {
            LogStoreRefused(name, requestId, refused);
            answered = new Error(refused.Code, refused.Message);
        }
        catch (Exception bug) when (bug is not BadHttpRequestException && !http.Response.HasStarted)
        {
            LogUnexpected(name, requestId, bug);
            answered = new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}.");
        }

        var body = answered.Failed(out var answer, out var failure)
            ? Fail(http, protocol, failure, requestId)
            : protocol switch
            {
                Protocol.Cbor => CborAnswers.Write(answer),
                Protocol.Json => JsonAnswers.Write(answer),
                _ => XmlAnswers.Write(name!, answer, requestId),
            };
        http.Response.Headers[AwsEndpoints.RequestIdHeader] = requestId;
        http.Response.ContentType = protocol switch
        {
            Protocol.Cbor => "application/cbor",
            Protocol.Json => "application/x-amz-json-1.0",
            _ => "text/xml",
        };
        if (protocol == Protocol.Cbor)
        {
            http.Response.Headers[ProtocolHeader] = CborProtocol;
        }

        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async Task<Result<AnswerStructure>> AnswerAsync(
        HttpContext http, Protocol protocol, Action<string> named)
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

        if (Inflate(http.Request, body.Bytes).Failed(out var bytes, out var unreadable)
            || ReadTree(http.Request, protocol, bytes).Failed(out var members, out unreadable))
        {
            return unreadable;
        }

        var action = ActionOf(http.Request, protocol, members);
        if (!operations.TryGetValue(action, out var operation))
        {
            return action.Length == 0
                ? new Error(ErrorCode.MissingParameter, "The parameter Action is required.", "Action")
                : new Error(
                    ErrorCode.UnknownOperation, $"The action {action} is not valid for this web service.", "Action");
        }

        named(operation.Name);

        // :: Step 3: May the caller do that? Metrics are everybody's own.
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = operation.Action, Account = principal.Account, Principal = principal,
        });
        if (!decision.IsAllowed())
        {
            return Authorization.ToError(decision, principal, operation.Action, "*");
        }

        // :: Step 4: Do it.
        var input = new CloudWatchInput(members, isForm: protocol == Protocol.Query);
        return await operation.Handle(new CloudWatchCall(principal.Account, input));
    }

    private static Result<DataObject> ReadTree(
        HttpRequest request, Protocol protocol, ReadOnlyMemory<byte> body) => protocol switch
        {
            Protocol.Cbor => RequestTrees.ReadCbor(body),
            Protocol.Json => RequestTrees.ReadJson(body.Span),
            _ => RequestTrees.ReadForm(HttpMethods.IsPost(request.Method)
                ? Encoding.UTF8.GetString(body.Span)
                : request.QueryString.Value is { Length: > 1 } query ? query[1..] : ""),
        };

    private static string ActionOf(HttpRequest request, Protocol protocol, DataObject members)
    {
        switch (protocol)
        {
            case Protocol.Cbor:
                var path = request.Path.Value ?? "";
                return path.StartsWith(OperationPath, StringComparison.Ordinal) ? path[OperationPath.Length..] : path;
            case Protocol.Json:
                var target = request.Headers[TargetHeader].ToString();
                return target.StartsWith(Target + ".", StringComparison.Ordinal)
                    ? target[(Target.Length + 1)..]
                    : target;
            default:
                return (members["Action"] as DataText)?.Value ?? "";
        }
    }

    /// <summary>Clients compress what is large; what it becomes is bounded as what comes.</summary>
    private static Result<ReadOnlyMemory<byte>> Inflate(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Headers.ContentEncoding != "gzip")
        {
            return body;
        }

        try
        {
            using var packed = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
            var bytes = new byte[RequestBytesMax + 1];
            var length = packed.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > RequestBytesMax
                ? new Error(
                    ErrorCode.RequestTooLarge,
                    $"Request must be smaller than {RequestBytesMax} bytes for the {Service} operation")
                : (ReadOnlyMemory<byte>)bytes.AsMemory(0, length);
        }
        catch (InvalidDataException)
        {
            return new Error(ErrorCode.RequestUnreadable, "The body is not compressed as its Content-Encoding says.");
        }
    }

    private static byte[] Fail(HttpContext http, Protocol protocol, Error error, string requestId)
    {
        var fault = CloudWatchErrors.Map(error);
        var type = fault.Status < 500 ? "Sender" : "Receiver";
        http.Response.StatusCode = fault.Status;
        if (protocol == Protocol.Query)
        {
            return XmlAnswers.WriteFailure(type, fault.Code, error.Message, requestId);
        }

        // How clients that know the codes of the Query protocol go on to see them.
        http.Response.Headers["x-amzn-query-error"] = $"{fault.Code};{type}";
        var answer = new AnswerStructure(
            ("__type", $"com.amazonaws.cloudwatch#{fault.Shape}"), ("message", error.Message));
        return protocol == Protocol.Cbor ? CborAnswers.Write(answer) : JsonAnswers.Write(answer);
    }

    [LoggerMessage(2271, LogLevel.Error, "{Operation} of CloudWatch failed unexpectedly; request {RequestId}")]
    private partial void LogUnexpected(string? operation, string requestId, Exception exception);

    [LoggerMessage(2272, LogLevel.Warning, "{Operation} of CloudWatch was refused by the store; request {RequestId}")]
    private partial void LogStoreRefused(string? operation, string requestId, Exception exception);
}
