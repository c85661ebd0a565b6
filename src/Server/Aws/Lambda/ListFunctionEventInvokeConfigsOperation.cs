using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListFunctionEventInvokeConfigs: those of a function, of its versions and of its aliases.</summary>
internal static class ListFunctionEventInvokeConfigsOperation
{
    private const string Name = "ListFunctionEventInvokeConfigs";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "GET",
        $"{EventInvokeConfigBody.Path}/list",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        if (PageMarkers.ItemsMax(request, Limits.ListItemsDefault, Limits.ListItemsDefault)
            .Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var id = request.Function.Id;
        if (services.Functions.Directory.Find(id) is not { } snapshot)
        {
            return EventInvokeRules.UnknownFunction;
        }

        var scope = $"{Name}:{id.Name}";
        if (services.Markers.Open(scope, id.Account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var function = snapshot.Function;
        var page = function.EventInvokeConfigs.Keys
            .Where(key => after is null || string.CompareOrdinal(key, after) > 0)
            .Take(itemsMax + 1)
            .ToList();
        var shape = new ListEventInvokeConfigsResponse
        {
            FunctionEventInvokeConfigs =
            [
                .. page.Take(itemsMax).Select(key => EventInvokeConfigBody.Shape(services, function, key)),
            ],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(scope, id.Account, page[itemsMax - 1])
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaAccessJson.Wire.ListEventInvokeConfigsResponse);
    }
}
