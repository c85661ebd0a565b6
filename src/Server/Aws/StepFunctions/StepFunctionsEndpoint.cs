using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The API of AWS Step Functions.</summary>
internal sealed class StepFunctionsEndpoint(
    SignatureVerifier verifier,
    IReadOnlyList<StepFunctionsOperation> operations,
    Func<string> newId,
    ILogger<StepFunctionsEndpoint> logger)
    : JsonEndpoint<StepFunctionsOperation>(Api, verifier, operations, newId, logger)
{
    public const string Service = "states";

    /// <summary>A definition is at most 1 MiB; every byte of it may be escaped.</summary>
    private const int RequestBytesMax = 8 * Limits.MiB;

    private static readonly JsonService Api = new(
        Service, "Step Functions", "AWSStepFunctions.", "application/x-amz-json-1.0", RequestBytesMax);

    /// <summary>Nobody grants a state machine to another account: what belongs to one is for nobody else.</summary>
    protected override Error? Denied(Principal principal, StepFunctionsOperation operation, DataObject members)
    {
        var named = operation.Resource is { } member ? (members[member] as DataText)?.Value : null;
        var owner = named?.Split(':', 6) is [_, _, _, _, var account, _] && AccountId.TryParse(account, out var id)
            ? id
            : principal.Account;
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = operation.Action, Account = owner, Principal = principal,
        });
        return decision.IsAllowed()
            ? null
            : Authorization.ToError(decision, principal, operation.Action, named ?? "*");
    }

    protected override Task<Result<DataObject>> HandleAsync(
        StepFunctionsOperation operation,
        Principal principal,
        DataObject members,
        HttpContext http,
        string requestId) => operation.Handle(new StepFunctionsCall(
            principal, operation.Name, new JsonInput(members, int.MaxValue), http.RequestAborted)
        {
            TraceHeader = TraceHeaders.ReadText(http.Request.Headers),
        });

    protected override (int Status, DataObject Body) Answer(Error error) => StepFunctionsErrors.Answer(error);
}
