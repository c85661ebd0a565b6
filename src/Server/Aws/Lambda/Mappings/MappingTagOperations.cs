using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>TagResource, UntagResource and ListTags where the ARN is an event source mapping's.</summary>
internal static class MappingTagOperations
{
    private const string Path = "/2017-03-31/tags/{Resource}";
    private const string Kind = ":event-source-mapping:";

    public static IEnumerable<AwsOperation> All(MappingOperations operations) =>
    [
        new AwsOperation("TagResource", "POST", Path, request => TagAsync(operations, request))
        {
            AppliesTo = IsMapping,
        },
        new AwsOperation("UntagResource", "DELETE", Path, request => UntagAsync(operations, request))
        {
            AppliesTo = IsMapping,
        },
        new AwsOperation("ListTags", "GET", Path, request => ValueTask.FromResult(List(operations, request)))
        {
            AppliesTo = IsMapping,
        },
    ];

    private static bool IsMapping(HttpContext http) =>
        http.Request.RouteValues["Resource"] is string arn && arn.Contains(Kind, StringComparison.Ordinal);

    private static async ValueTask<Result<AwsResponse>> TagAsync(MappingOperations operations, AwsRequest request)
    {
        if (Find(operations, request).Failed(out var mapping, out var unknown))
        {
            return unknown;
        }

        if (request.Json(LambdaAccessJson.Wire.TagsShape).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        violations.Required(body.Tags, "tags");
        var tags = MappingReader.Tags(body.Tags, violations);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (tags.IsEmpty)
        {
            return FunctionErrors.InvalidParameter("An error occurred and the request cannot be processed.", "Tags");
        }

        return await ChangeAsync(operations, request, mapping, before => before.SetItems(tags));
    }

    private static async ValueTask<Result<AwsResponse>> UntagAsync(MappingOperations operations, AwsRequest request)
    {
        if (Find(operations, request).Failed(out var mapping, out var unknown))
        {
            return unknown;
        }

        var keys = request.Http.Request.Query["tagKeys"].OfType<string>().ToList();
        var violations = new ConstraintViolations();
        violations.Required(keys.Count == 0 ? null : keys, "tagKeys");
        return violations.ToError() is { } violation
            ? violation
            : await ChangeAsync(operations, request, mapping, before => before.RemoveRange(keys));
    }

    private static Result<AwsResponse> List(MappingOperations operations, AwsRequest request) =>
        Find(operations, request).Select(mapping => AwsResponse.Json(
            200,
            new TagsShape(mapping.Tags.ToDictionary(tag => tag.Key, tag => (string?)tag.Value)),
            LambdaAccessJson.Wire.TagsShape));

    private static async ValueTask<Result<AwsResponse>> ChangeAsync(
        MappingOperations operations,
        AwsRequest request,
        EventSourceMapping mapping,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change)
    {
        var changed = await operations.Mappings.TagAsync(
            mapping.Account,
            mapping.Id,
            current => change(current.Tags) is { Count: <= Limits.TagsMax } tags
                ? current with { Tags = tags }
                : MappingRules.Invalid("Number of tags exceeds resource tag limit.", "Tags"),
            request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }

    /// <summary>The mapping that the ARN names; one of another account looks as one that does not exist.</summary>
    private static Result<EventSourceMapping> Find(MappingOperations operations, AwsRequest request)
    {
        // Whatever is wrong with the ARN's form is said in the same words as for a function's.
        if (TaggedResource.Parse(request, operations.Lambda.Options.Region).Error is { } refused
            && refused.Code != ErrorCode.ResourceNotFound)
        {
            return refused;
        }

        var arn = request.Path("Resource");
        var id = arn[(arn.LastIndexOf(':') + 1)..].ToLowerInvariant();
        return operations.Mappings.Find(request.Principal.Account, id) is { } mapping
            && string.Equals(mapping.Arn(operations.Lambda.Options.Region), arn, StringComparison.OrdinalIgnoreCase)
                ? mapping
                : new Error(ErrorCode.ResourceNotFound, $"Event source mapping not found: {arn}", "Resource");
    }
}
