using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListLayerVersions: a layer's versions that match, newest first.</summary>
internal static class ListLayerVersionsOperation
{
    private const string Name = "ListLayerVersions";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "GET",
        "/2018-10-31/layers/{LayerName}/versions",
        request => ValueTask.FromResult(Handle(services, request)));

    /// <summary>Versions below <paramref name="before"/>, newest first, read as far as the caller goes.</summary>
    internal static IEnumerable<LayerVersion> Walk(ILayerTable layers, AccountId account, string name, long? before)
    {
        for (var next = before; ;)
        {
            var batch = layers.ListVersions(account, name, next, Limits.ListItemsDefault + 1);
            foreach (var layer in batch)
            {
                yield return layer;
            }

            if (batch.Count <= Limits.ListItemsDefault)
            {
                yield break;
            }

            next = batch[^1].Version;
        }
    }

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        if (LayerTarget.Parse(services, request).Failed(out var target, out var misnamed))
        {
            return misnamed;
        }

        if (LayerFilter.Parse(request).Failed(out var filter, out var wrong))
        {
            return wrong;
        }

        if (target.RequireOwner(services, request, Name) is { } denied)
        {
            return denied;
        }

        var wanted = PageMarkers.ItemsMax(request, Limits.ListItemsDefault, Limits.ListItemsDefault);
        if (wanted.Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var scope = $"{Name}:{target.Name}";
        var marker = services.Markers.Open(scope, target.Account, request.Query("Marker"));
        if (marker.Failed(out var before, out var invalid))
        {
            return invalid;
        }

        return Answer(services, target, filter, itemsMax, scope, before);
    }

    private static AwsResponse Answer(
        LambdaServices services, LayerTarget target, LayerFilter filter, int itemsMax, string scope, string? before)
    {
        long? below = before is null ? null : long.Parse(before, CultureInfo.InvariantCulture);
        var page = services.Store.Read(transaction => Walk(transaction.Layers, target.Account, target.Name, below)
            .Where(filter.Matches)
            .Take(itemsMax + 1)
            .ToList());
        var shape = new ListLayerVersionsResponse
        {
            LayerVersions = [.. page.Take(itemsMax).Select(services.LayerShapes.Item)],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(
                    scope, target.Account, page[itemsMax - 1].Version.ToString(CultureInfo.InvariantCulture))
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaJson.Wire.ListLayerVersionsResponse);
    }
}

internal sealed record ListLayerVersionsResponse
{
    public required IReadOnlyList<LayerVersionItemShape> LayerVersions { get; init; }

    public string? NextMarker { get; init; }
}
