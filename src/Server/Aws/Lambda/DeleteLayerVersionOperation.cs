using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// DeleteLayerVersion: nothing can refer to it anew; functions that use it keep its files. One that is gone already
/// is no failure.
/// </summary>
internal static class DeleteLayerVersionOperation
{
    private const string Name = "DeleteLayerVersion";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "DELETE",
        "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
        request => HandleAsync(services, request));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (LayerTarget.ParseVersion(services, request).Failed(out var target, out var wrong))
        {
            return wrong;
        }

        var (layer, version) = target;
        if (layer.RequireOwner(services, request, Name, version) is { } denied)
        {
            return denied;
        }

        var deleted = await services.Store.WriteAsync<Done>(
            transaction =>
            {
                transaction.Layers.Delete(layer.Account, layer.Name, version);
                return Done.Value;
            },
            request.Cancellation);
        return deleted.Select(_ => AwsResponse.Empty(204));
    }
}
