using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>ListEventSourceMappings: all of the account, or those of a function, a queue, or both.</summary>
internal static class ListEventSourceMappingsOperation
{
    private const string Name = "ListEventSourceMappings";
    private const int PageMax = 100;

    public static AwsOperation Create(MappingOperations operations) => new(
        Name, "GET", MappingOperations.Path, request => ValueTask.FromResult(Handle(operations, request)));

    private static Result<AwsResponse> Handle(MappingOperations operations, AwsRequest request)
    {
        if (PageMarkers.ItemsMax(request, PageMax).Failed(out var itemsMax, out var unreadable))
        {
            return unreadable;
        }

        var (lambda, account) = (operations.Lambda, request.Principal.Account);
        var (sourceArn, functionName) = (request.Query("EventSourceArn"), request.Query("FunctionName"));
        var violations = new ConstraintViolations();
        MappingReader.CheckSource(violations, sourceArn, "eventSourceArn");
        if (violations.ToError() is { } malformed)
        {
            return malformed;
        }

        string? qualifier = null;
        var query = new MappingQuery();
        if (functionName is not null)
        {
            if (MappingReader.Function(functionName, request, lambda.Options.Region)
                .Failed(out var reference, out var wrong))
            {
                return wrong;
            }

            if (lambda.Functions.Directory.Find(reference.Id) is null)
            {
                return FunctionErrors.NotFound(lambda.Arns.Function(reference.Id));
            }

            (query, qualifier) = (query with { FunctionName = reference.Id.Name }, reference.Qualifier);
        }

        // Another account's queue, or something that is no queue, has no mappings here.
        var source = QueueId.FromArn(sourceArn, lambda.Options.Region);
        var isNowhere = sourceArn is not null && source?.Account != account;
        var scope = $"{Name}:{sourceArn}:{functionName}";
        if (lambda.Markers.Open(scope, account, request.Query("Marker")).Failed(out var after, out var invalid))
        {
            return invalid;
        }

        // Those of one version or alias are few; the others come page by page.
        var found = isNowhere ? [] : operations.Mappings.List(
            account, query with { QueueName = source?.Name }, after, qualifier is null ? itemsMax + 1 : int.MaxValue);
        var page = found.Where(mapping => qualifier is null || mapping.Qualifier == qualifier).ToList();
        var shape = new ListMappingsResponse
        {
            EventSourceMappings = [.. page.Take(itemsMax).Select(operations.Shape)],
            NextMarker = page.Count > itemsMax ? lambda.Markers.Seal(scope, account, page[itemsMax - 1].Id) : null,
        };
        return AwsResponse.Json(200, shape, MappingJson.Wire.ListMappingsResponse);
    }
}
