using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListLayers: the account's layers by name, each with its newest version that matches.</summary>
internal static class ListLayersOperation
{
    private const string Name = "ListLayers";

    public static AwsOperation Create(LambdaServices services) => new(
        Name, "GET", "/2018-10-31/layers", request => ValueTask.FromResult(Handle(services, request)));

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        if (LayerFilter.Parse(request).Failed(out var filter, out var wrong))
        {
            return wrong;
        }

        var wanted = PageMarkers.ItemsMax(request, Limits.ListItemsDefault, Limits.ListItemsDefault);
        if (wanted.Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var account = request.Principal.Account;
        if (services.Markers.Open(Name, account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var page = services.Store.Read(transaction =>
            Walk(transaction.Layers, account, after, filter).Take(itemsMax + 1).ToList());
        var shape = new ListLayersResponse
        {
            Layers = [.. page.Take(itemsMax).Select(services.LayerShapes.Layer)],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(Name, account, page[itemsMax - 1].Name)
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaJson.Wire.ListLayersResponse);
    }

    private static IEnumerable<LayerVersion> Walk(
        ILayerTable layers, AccountId account, string? after, LayerFilter filter)
    {
        for (var name = after; ;)
        {
            var batch = layers.ListNewest(account, name, Limits.ListItemsDefault + 1);
            foreach (var newest in batch)
            {
                if (NewestMatching(layers, newest, filter) is { } matching)
                {
                    yield return matching;
                }
            }

            if (batch.Count <= Limits.ListItemsDefault)
            {
                yield break;
            }

            name = batch[^1].Name;
        }
    }

    private static LayerVersion? NewestMatching(ILayerTable layers, LayerVersion newest, LayerFilter filter) =>
        filter.Matches(newest)
            ? newest
            : ListLayerVersionsOperation
                .Walk(layers, newest.Account, newest.Name, newest.Version)
                .FirstOrDefault(filter.Matches);
}

internal sealed record ListLayersResponse
{
    public required IReadOnlyList<LayerItemShape> Layers { get; init; }

    public string? NextMarker { get; init; }
}
