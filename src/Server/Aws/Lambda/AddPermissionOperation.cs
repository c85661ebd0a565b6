using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>AddPermission: lets a service or another account use a function, an alias or a version.</summary>
internal static class AddPermissionOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "AddPermission",
        "POST",
        "/2015-03-31/functions/{FunctionName}/policy",
        request => HandleAsync(services, request))
    {
        Target = services.NamespacedFunction,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (request.Json(LambdaAccessJson.Wire.AddPermissionRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        PermissionRules.CheckForm(violations, body.StatementId, body.Action, body.Principal);
        var statement = body.ToStatement();
        PermissionRules.CheckConditions(violations, statement);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var command = new AddPermission
        {
            Statement = statement,
            Qualifier = request.Function.Qualifier,
            RevisionId = body.RevisionId,
        };
        var id = request.Function.Id;
        var changed = await services.ChangeAsync(
            id, (state, context) => AddPermission.Apply(state, command, context), request.Cancellation);
        if (changed.Failed(out var function, out var failure))
        {
            return failure;
        }

        var added = function.Policies[command.Qualifier ?? Function.Unqualified].Statements
            .Find(candidate => candidate.Id == statement.Id)!;
        return AwsResponse.Json(
            201,
            new AddPermissionResponse(PolicyDocument.Write(added)),
            LambdaAccessJson.Wire.AddPermissionResponse);
    }
}

internal sealed record AddPermissionRequest
{
    public string? StatementId { get; init; }

    public string? Action { get; init; }

    public string? Principal { get; init; }

    public string? SourceArn { get; init; }

    public string? SourceAccount { get; init; }

    public string? EventSourceToken { get; init; }

    public string? PrincipalOrgID { get; init; }

    public string? FunctionUrlAuthType { get; init; }

    public bool? InvokedViaFunctionUrl { get; init; }

    public string? RevisionId { get; init; }

    /// <summary>The statement without its resource; what is missing is empty and was found to be.</summary>
    public PolicyStatement ToStatement() => new()
    {
        Id = StatementId ?? "",
        Action = Action ?? "",
        Principal = Principal ?? "",
        Resource = "",
        SourceArn = SourceArn,
        SourceAccount = SourceAccount,
        EventSourceToken = EventSourceToken,
        PrincipalOrganizationId = PrincipalOrgID,
        FunctionUrlAuthType = FunctionUrlAuthType,
        InvokedViaFunctionUrl = InvokedViaFunctionUrl,
    };
}

/// <param name="Statement">The statement as JSON text.</param>
internal sealed record AddPermissionResponse(string Statement);
