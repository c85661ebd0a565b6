using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Logs;

/// <summary>
/// The API of CloudWatch Logs: JSON to the root of the port, told by X-Amz-Target and the scope of its signature.
/// Reading, signature, access and failures are dealt with here once for all operations.
/// </summary>
internal sealed partial class LogsEndpoint
{
    public const string Service = "logs";

    private const string Target = "Logs_20140328.";
    private const string TargetHeader = "X-Amz-Target";
    private const string JsonType = "application/x-amz-json-1.1";

    /// <summary>A batch of events is at most 1 MiB; every byte of it may be escaped.</summary>
    private const int RequestBytesMax = 8 * Limits.MiB;

    private readonly SignatureVerifier verifier;
    private readonly Func<string> newId;
    private readonly ILogger<LogsEndpoint> logger;
    private readonly Dictionary<string, LogsOperation> operations;
    private readonly RequestBodyBudget bodies = new();

    public LogsEndpoint(
        SignatureVerifier verifier,
        IReadOnlyList<LogsOperation> operations,
        Func<string> newId,
        ILogger<LogsEndpoint> logger)
    {
        (this.verifier, this.newId, this.logger) = (verifier, newId, logger);
        this.operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
    }

    /// <summary>Takes what is for logs out of the pipeline and serves it.</summary>
    public void Map(IApplicationBuilder app) => app.MapWhen(IsFor, branch => branch.Run(ServeAsync));

    /// <summary>Whether a request says that it is for logs; cheap for what is not.</summary>
    public static bool IsFor(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            return false;
        }

        return request.Headers.Authorization is [{ } authorization]
            ? AuthorizationHeader.TryParse(authorization, out var header)
                && CredentialScope.TryParse(header.Credential, out var scope) && scope.Service.SequenceEqual(Service)
            : request.Headers.TryGetValue(TargetHeader, out var target)
                && target.ToString().StartsWith(Target, StringComparison.Ordinal);
    }

    public async Task ServeAsync(HttpContext http)
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
            LogStoreRefused(name, requestId, refused);
            body = Fail(http, new Error(refused.Code, refused.Message));
        }
        catch (Exception bug) when (bug is not BadHttpRequestException && !http.Response.HasStarted)
        {
            LogUnexpected(name, requestId, bug);
            body = Fail(http, new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}."));
        }

        var bytes = DataWriter.ToUtf8(body);
        http.Response.Headers[AwsEndpoints.RequestIdHeader] = requestId;
        http.Response.ContentType = JsonType;
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

        var target = http.Request.Headers[TargetHeader].ToString();
        var action = target.StartsWith(Target, StringComparison.Ordinal) ? target[Target.Length..] : target;
        if (!operations.TryGetValue(action, out var operation))
        {
            return new Error(ErrorCode.UnknownOperation, $"'{action}' is not an operation of CloudWatch Logs.");
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
        return await operation.Handle(new LogsCall(
            principal, operation.Name, new LogsInput(members), http, requestId));
    }

    /// <summary>
    /// What is named by an ARN is that account's, and nobody grants logs to another account. A function may write, and
    /// only into the group that is its own, as the role does that AWS gives functions.
    /// </summary>
    private static Error? Denied(Principal principal, LogsOperation operation, DataObject members)
    {
        var named = LogArns.Named(members).ToList();
        var owner = named.Select(LogArns.AccountOf)
            .FirstOrDefault(account => account is { } other && other != principal.Account) ?? principal.Account;
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = operation.Action, Account = owner, Principal = principal,
        });
        var ownGroup = principal.Function is not { } function
            || (members["logGroupName"] as DataText)?.Value == LogSources.FunctionGroupPrefix + function.Name;
        return decision.IsAllowed() && ownGroup
            ? null
            : Authorization.ToError(
                ownGroup ? decision : AccessDecision.DeniedByIdentity,
                principal,
                operation.Action,
                named.FirstOrDefault() ?? "*");
    }

    private static DataObject Fail(HttpContext http, Error error)
    {
        var (status, body) = LogsErrors.Answer(error);
        http.Response.StatusCode = status;
        return body;
    }

    [LoggerMessage(2291, LogLevel.Error, "{Operation} of CloudWatch Logs failed unexpectedly; request {RequestId}")]
    private partial void LogUnexpected(string? operation, string requestId, Exception exception);

    [LoggerMessage(
        2292, LogLevel.Warning, "{Operation} of CloudWatch Logs was refused by the store; request {RequestId}")]
    private partial void LogStoreRefused(string? operation, string requestId, Exception exception);
}
