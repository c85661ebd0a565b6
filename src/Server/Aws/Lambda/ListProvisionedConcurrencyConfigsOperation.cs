using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Dispatch;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListProvisionedConcurrencyConfigs: versions and aliases with environments that are kept started.</summary>
internal static class ListProvisionedConcurrencyConfigsOperation
{
    private const string Name = "ListProvisionedConcurrencyConfigs";

    public static AwsOperation Create(LambdaServices services, ProvisionedEnvironments provisioned) => new(
        Name,
        "GET",
        PutProvisionedConcurrencyConfigOperation.Path,
        request => ValueTask.FromResult(Handle(services, provisioned, request)))
    {
        Target = services.Function,
        Selector = ("List", "ALL"),
    };

    private static Result<AwsResponse> Handle(
        LambdaServices services, ProvisionedEnvironments provisioned, AwsRequest request)
    {
        if (PageMarkers.ItemsMax(request, Limits.ListItemsDefault, Limits.ListItemsDefault)
            .Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var id = request.Function.Id;
        if (services.Functions.Directory.Find(id) is not { } snapshot)
        {
            return FunctionErrors.NotFound(services.Arns.Function(id));
        }

        var scope = $"{Name}:{id.Name}";
        if (services.Markers.Open(scope, id.Account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var page = provisioned.Describe(snapshot)
            .Where(entry => entry.Value.Requested > 0)
            .Where(entry => after is null || string.CompareOrdinal(entry.Key, after) > 0)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(itemsMax + 1)
            .ToList();
        var shape = new ListProvisionedConcurrencyConfigsResponse
        {
            ProvisionedConcurrencyConfigs =
            [
                .. page.Take(itemsMax).Select(entry => ProvisionedConcurrencyShape.From(
                    entry.Value, services.Arns.Function(id, entry.Key))),
            ],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(scope, id.Account, page[itemsMax - 1].Key)
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaAccessJson.Wire.ListProvisionedConcurrencyConfigsResponse);
    }
}
