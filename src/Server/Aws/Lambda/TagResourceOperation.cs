using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>TagResource: sets tags of a function; some are settings, see FunctionTags.</summary>
internal static class TagResourceOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "TagResource", "POST", "/2017-03-31/tags/{Resource}", request => HandleAsync(services, request))
    {
        Target = request => TaggedResource.Parse(request, services.Options.Region),
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (request.Json(LambdaAccessJson.Wire.TagsShape).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        violations.Required(body.Tags, "tags");
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (body.Tags is not { Count: > 0 } tags)
        {
            return FunctionErrors.InvalidParameter("An error occurred and the request cannot be processed.", "Tags");
        }

        var command = new TagFunction(tags);
        var changed = await services.ChangeAsync(
            request.Function.Id, (state, context) => TagFunction.Apply(state, command, context), request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}

internal sealed record TagsShape(IReadOnlyDictionary<string, string?>? Tags);
