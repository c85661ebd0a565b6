using Lambent.Kernel;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListFunctionUrlConfigs: the HTTP addresses of a function, its own first, then its aliases'.</summary>
internal static class ListFunctionUrlConfigsOperation
{
    private const string Name = "ListFunctionUrlConfigs";

    private const int ItemsMax = 50;

    public static AwsOperation Create(LambdaServices services, FunctionUrls urls) => new(
        Name,
        "GET",
        "/2021-10-31/functions/{FunctionName}/urls",
        request => ValueTask.FromResult(Handle(services, urls, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, FunctionUrls urls, AwsRequest request)
    {
        if (PageMarkers.ItemsMax(request, ItemsMax, allowed: ItemsMax).Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var id = request.Function.Id;
        if (services.Functions.Directory.Find(id) is not { Function: var function })
        {
            return new Error(ErrorCode.FunctionNotFound, "Function does not exist");
        }

        var scope = $"{Name}:{id.Name}";
        if (services.Markers.Open(scope, id.Account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var page = function.Urls.Keys
            .Where(qualifier => after is null || string.CompareOrdinal(qualifier, after) > 0)
            .Take(itemsMax + 1)
            .ToList();
        var shape = new ListFunctionUrlConfigsResponse
        {
            FunctionUrlConfigs =
            [
                .. page.Take(itemsMax).Select(qualifier => FunctionUrlConfigShape.From(
                    function, qualifier.Length == 0 ? null : qualifier, services.Arns, urls)),
            ],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(scope, id.Account, page[itemsMax - 1])
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaAccessJson.Wire.ListFunctionUrlConfigsResponse);
    }
}

internal sealed record ListFunctionUrlConfigsResponse
{
    public required IReadOnlyList<FunctionUrlConfigShape> FunctionUrlConfigs { get; init; }

    public string? NextMarker { get; init; }
}
