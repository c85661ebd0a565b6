using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>AddLayerVersionPermission: lets another account, or everyone, use a layer version.</summary>
internal static class AddLayerVersionPermissionOperation
{
    private const string Name = "AddLayerVersionPermission";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "POST",
        "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
        request => HandleAsync(services, request));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (request.Json(LambdaJson.Wire.AddLayerVersionPermissionRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        LayerRules.CheckStatement(violations, body.StatementId, body.Action, body.Principal);
        var unsupported = UnsupportedMembers.Text(
            "OrganizationId", body.OrganizationId, "accounts do not belong to organizations");
        if ((violations.ToError() ?? unsupported) is { } wrong)
        {
            return wrong;
        }

        var command = new AddLayerPermission
        {
            StatementId = body.StatementId!,
            Principal = body.Principal!,
            RevisionId = request.Query("RevisionId"),
        };
        var changed = await LayerPolicyChange.ApplyAsync(
            services, request, Name, (state, context) => AddLayerPermission.Apply(state, command, context));
        return changed.Select(layer =>
        {
            var shape = new AddLayerVersionPermissionResponse(
                PolicyDocument.Write(layer.Policy!.Statements[^1]), layer.Policy.RevisionId);
            return AwsResponse.Json(201, shape, LambdaJson.Wire.AddLayerVersionPermissionResponse);
        });
    }
}

internal sealed record AddLayerVersionPermissionRequest
{
    public string? StatementId { get; init; }

    public string? Action { get; init; }

    public string? Principal { get; init; }

    public string? OrganizationId { get; init; }
}

internal sealed record AddLayerVersionPermissionResponse(string Statement, string RevisionId);
