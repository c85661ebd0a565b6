using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Logs;

/// <summary>The API of CloudWatch Logs.</summary>
internal sealed class LogsEndpoint(
    SignatureVerifier verifier,
    IReadOnlyList<LogsOperation> operations,
    Func<string> newId,
    ILogger<LogsEndpoint> logger)
    : JsonEndpoint<LogsOperation>(Api, verifier, operations, newId, logger)
{
    public const string Service = "logs";

    /// <summary>A batch of events is at most 1 MiB; every byte of it may be escaped.</summary>
    private const int RequestBytesMax = 8 * Limits.MiB;

    /// <summary>Whole numbers that a double holds exactly: times and positions.</summary>
    private const long IntegerMax = 9_007_199_254_740_992;

    private static readonly JsonService Api = new(
        Service, "CloudWatch Logs", "Logs_20140328.", "application/x-amz-json-1.1", RequestBytesMax);

    /// <summary>
    /// What is named by an ARN is that account's, and nobody grants logs to another account. A function may write, and
    /// only into the group that is its own, as the role does that AWS gives functions.
    /// </summary>
    protected override Error? Denied(Principal principal, LogsOperation operation, DataObject members)
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

    protected override Task<Result<DataObject>> HandleAsync(
        LogsOperation operation, Principal principal, DataObject members, HttpContext http, string requestId) =>
        operation.Handle(new LogsCall(
            principal, operation.Name, new JsonInput(members, IntegerMax), http, requestId));

    protected override (int Status, DataObject Body) Answer(Error error) => LogsErrors.Answer(error);
}
