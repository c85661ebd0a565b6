using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListFunctions: the account's functions by name, with FunctionVersion=ALL each with its versions.</summary>
internal static class ListFunctionsOperation
{
    private const string Name = "ListFunctions";

    public static AwsOperation Create(LambdaServices services) => new(
        Name, "GET", "/2015-03-31/functions", request => ValueTask.FromResult(Handle(services, request)));

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var violations = new ConstraintViolations();
        var which = request.Query("FunctionVersion");
        violations.OneOf(which, "functionVersion", ["ALL"]);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (PageMarkers.ItemsMax(request, Limits.ListItemsDefault).Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var account = request.Principal.Account;
        if (services.Markers.Open(Name, account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        var all = which is not null;
        var items = services.Store.Read(transaction =>
            Walk(transaction.Functions, account, Position.Parse(after), all).Take(itemsMax + 1).ToList());
        var shape = new ListFunctionsResponse
        {
            Functions =
            [
                .. items.Take(itemsMax).Select(item => services.Shapes.InList(
                    item.Function.Id, item.Version, all ? item.Version.Version : null)),
            ],
            NextMarker = items.Count > itemsMax
                ? services.Markers.Seal(Name, account, Position.Of(items[itemsMax - 1]).ToString())
                : null,
        };
        return AwsResponse.Json(200, shape, LambdaJson.Wire.ListFunctionsResponse);
    }

    private static IEnumerable<(Function Function, FunctionVersion Version)> Walk(
        IFunctionTable functions, AccountId account, Position? after, bool all)
    {
        // The function the last page ended in may have versions left.
        if (all && after is { } position && functions.Get(new FunctionId(account, position.Name)) is { } interrupted)
        {
            foreach (var (_, version) in interrupted.Versions.Where(version => version.Key > position.Version))
            {
                yield return (interrupted, version);
            }
        }

        for (var name = after?.Name; ;)
        {
            var batch = functions.List(account, name, Limits.ListItemsDefault + 1);
            foreach (var function in batch)
            {
                yield return (function, function.Latest);
                foreach (var version in all ? function.Versions.Values : [])
                {
                    yield return (function, version);
                }
            }

            if (batch.Count <= Limits.ListItemsDefault)
            {
                yield break;
            }

            name = batch[^1].Id.Name;
        }
    }

    /// <summary>The last item of a page: a function, and the number of the version, 0 for $LATEST.</summary>
    private sealed record Position(string Name, long Version)
    {
        public static Position Of((Function Function, FunctionVersion Version) item) => new(
            item.Function.Id.Name,
            item.Version.Version == FunctionVersion.LatestName
                ? 0
                : long.Parse(item.Version.Version, CultureInfo.InvariantCulture));

        /// <summary>Reads what <see cref="ToString"/> wrote; the marker's seal says that it did.</summary>
        public static Position? Parse(string? text)
        {
            if (text is null)
            {
                return null;
            }

            var separator = text.LastIndexOf(':');
            return new Position(text[..separator], long.Parse(text[(separator + 1)..], CultureInfo.InvariantCulture));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Version}");
    }
}

internal sealed record ListFunctionsResponse
{
    public required IReadOnlyList<FunctionConfigurationShape> Functions { get; init; }

    public string? NextMarker { get; init; }
}
