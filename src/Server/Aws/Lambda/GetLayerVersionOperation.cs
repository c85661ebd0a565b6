using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetLayerVersion: what a layer version is, and where its files can be downloaded.</summary>
internal static class GetLayerVersionOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetLayerVersion",
        "GET",
        "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
        request => ValueTask.FromResult(Handle(services, request)));

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        LayerTarget.ParseVersion(services, request)
            .Then(target => Answer(services, request, target.Layer.Account, target.Layer.Name, target.Version));

    /// <summary>The answer to a caller that may use the layer version; the same for both ways of naming it.</summary>
    internal static Result<AwsResponse> Answer(
        LambdaServices services, AwsRequest request, AccountId account, string name, long version)
    {
        var caller = request.Principal;
        var layer = services.Store.Read(transaction => transaction.Layers.Get(account, name, version));
        if (!LayerAccess.Allows(layer, caller.Account))
        {
            return account == caller.Account
                ? new Error(ErrorCode.ResourceNotFound, "The resource you requested does not exist.")
                : LayerAccess.Denied(caller.Arn, services.Arns.Layer(account, name, version));
        }

        var arn = services.Arns.Layer(account, name, version);
        return AwsResponse.Json(
            200,
            services.LayerShapes.Version(layer!, services.Links.Download(caller, layer!.Content.Digest, arn)),
            LambdaJson.Wire.LayerVersionShape);
    }
}
