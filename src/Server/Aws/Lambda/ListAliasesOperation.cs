using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListAliases: a function's names, or with FunctionVersion those of one version.</summary>
internal static class ListAliasesOperation
{
    private const string Name = "ListAliases";

    public static AwsOperation Create(LambdaServices services) => new(
        Name,
        "GET",
        "/2015-03-31/functions/{FunctionName}/aliases",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var violations = new ConstraintViolations();
        var version = request.Query("FunctionVersion");
        AliasRules.CheckForm(violations, null, version, null, null);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (PageMarkers.ItemsMax(request, Limits.ListItemsDefault).Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var id = request.Function.Id;
        if (services.Find(request.Function with { Qualifier = null }).Failed(out var function, out var unknown))
        {
            return unknown;
        }

        var scope = $"{Name}:{id.Name}";
        if (services.Markers.Open(scope, id.Account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var page = function.Aliases.Values
            .Where(alias => after is null || string.CompareOrdinal(alias.Name, after) > 0)
            .Where(alias => version is null || alias.FunctionVersion == version || alias.AdditionalVersion == version)
            .Take(itemsMax + 1)
            .ToList();
        var shape = new ListAliasesResponse
        {
            Aliases = [.. page.Take(itemsMax).Select(alias => services.Shapes.Alias(id, alias))],
            NextMarker = page.Count > itemsMax
                ? services.Markers.Seal(scope, id.Account, page[itemsMax - 1].Name)
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaJson.Wire.ListAliasesResponse);
    }
}

internal sealed record ListAliasesResponse
{
    public required IReadOnlyList<AliasShape> Aliases { get; init; }

    public string? NextMarker { get; init; }
}
