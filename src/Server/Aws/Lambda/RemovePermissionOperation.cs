using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>RemovePermission: takes back what AddPermission granted.</summary>
internal static partial class RemovePermissionOperation
{
    private const string StatementIdPatternText = "([a-zA-Z0-9-_.]+)";

    public static AwsOperation Create(LambdaServices services) => new(
        "RemovePermission",
        "DELETE",
        "/2015-03-31/functions/{FunctionName}/policy/{StatementId}",
        request => HandleAsync(services, request))
    {
        Target = services.NamespacedFunction,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var statementId = request.Path("StatementId");
        var violations = new ConstraintViolations();
        violations.Length(statementId, "statementId", 1, Limits.StatementIdLengthMax);
        violations.Pattern(statementId, "statementId", StatementIdPattern(), StatementIdPatternText);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var command = new RemovePermission
        {
            StatementId = statementId,
            Qualifier = request.Function.Qualifier,
            RevisionId = request.Query("RevisionId"),
        };
        var changed = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => RemovePermission.Apply(state, command, context),
            request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }

    [GeneratedRegex(@"^[a-zA-Z0-9-_.]+\z")]
    private static partial Regex StatementIdPattern();
}
