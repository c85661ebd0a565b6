using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>RemoveLayerVersionPermission: takes a statement out of a layer version's policy.</summary>
internal static class RemoveLayerVersionPermissionOperation
{
    private const string Name = "RemoveLayerVersionPermission";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "DELETE",
        "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
        request => HandleAsync(services, request));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var violations = new ConstraintViolations();
        var command = new RemoveLayerPermission
        {
            StatementId = request.Path("StatementId"),
            RevisionId = request.Query("RevisionId"),
        };
        LayerRules.CheckStatementId(violations, command.StatementId);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var changed = await LayerPolicyChange.ApplyAsync(
            services, request, Name, (state, context) => RemoveLayerPermission.Apply(state, command, context));
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}
