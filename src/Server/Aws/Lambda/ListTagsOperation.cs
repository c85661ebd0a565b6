using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>ListTags: the tags of a function.</summary>
internal static class ListTagsOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "ListTags",
        "GET",
        "/2017-03-31/tags/{Resource}",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = request => TaggedResource.Parse(request, services.Options.Region),
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        services.Find(request.Function).Select(function => AwsResponse.Json(
            200, new TagsShape(function.Tags!), LambdaAccessJson.Wire.TagsShape));
}
