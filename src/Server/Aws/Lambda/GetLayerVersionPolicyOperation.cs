using Lambent.Kernel;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetLayerVersionPolicy: who from outside the account may use a layer version.</summary>
internal static class GetLayerVersionPolicyOperation
{
    private const string Name = "GetLayerVersionPolicy";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "GET",
        "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
        request => ValueTask.FromResult(Handle(services, request)));

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        if (LayerTarget.ParseVersion(services, request).Failed(out var target, out var wrong))
        {
            return wrong;
        }

        var (layer, number) = target;
        if (layer.RequireOwner(services, request, Name, number) is { } denied)
        {
            return denied;
        }

        var version = services.Store.Read(transaction => transaction.Layers.Get(layer.Account, layer.Name, number));
        if (version is null)
        {
            return LayerErrors.VersionNotFound(services.Arns.Layer(layer.Account, layer.Name, number));
        }

        return version.Policy is { } policy
            ? AwsResponse.Json(
                200,
                new GetLayerVersionPolicyResponse(PolicyDocument.Write(policy), policy.RevisionId),
                LambdaJson.Wire.GetLayerVersionPolicyResponse)
            : new Error(ErrorCode.ResourceNotFound, "No policy is associated with the given resource.");
    }
}

internal sealed record GetLayerVersionPolicyResponse(string Policy, string RevisionId);
