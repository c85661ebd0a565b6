using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListVersionsByFunction: $LATEST, then the published versions by number.</summary>
internal static class ListVersionsByFunctionOperation
{
    private const string Name = "ListVersionsByFunction";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "GET",
        "/2015-03-31/functions/{FunctionName}/versions",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.NamespacedFunction,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var id = request.Function.Id;
        if (services.Find(request.Function with { Qualifier = null }).Failed(out var function, out var unknown))
        {
            return unknown;
        }

        if (PageMarkers.ItemsMax(request, Limits.ListItemsDefault).Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var scope = $"{Name}:{id.Name}";
        if (services.Markers.Open(scope, id.Account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var page = Versions(function, after).Take(itemsMax + 1).ToList();
        var shape = new ListVersionsResponse
        {
            Versions =
            [
                .. page.Take(itemsMax).Select(version => services.Shapes.InList(id, version, version.Version)),
            ],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(scope, id.Account, page[itemsMax - 1].Version)
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaJson.Wire.ListVersionsResponse);
    }

    /// <param name="after">The version the page before ended with, or null for the first page.</param>
    private static IEnumerable<FunctionVersion> Versions(Function function, string? after)
    {
        if (after is null)
        {
            return function.Versions.Values.Prepend(function.Latest);
        }

        var last = after == FunctionVersion.LatestName ? 0 : long.Parse(after, CultureInfo.InvariantCulture);
        return function.Versions.Where(version => version.Key > last).Select(version => version.Value);
    }
}

internal sealed record ListVersionsResponse
{
    public required IReadOnlyList<FunctionConfigurationShape> Versions { get; init; }

    public string? NextMarker { get; init; }
}
