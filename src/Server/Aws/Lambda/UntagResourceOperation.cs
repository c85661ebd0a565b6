using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>UntagResource: removes tags of a function.</summary>
internal static class UntagResourceOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "UntagResource", "DELETE", "/2017-03-31/tags/{Resource}", request => HandleAsync(services, request))
    {
        Target = request => TaggedResource.Parse(request, services.Options.Region),
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var keys = request.Http.Request.Query["tagKeys"].OfType<string>().ToList();
        var violations = new ConstraintViolations();
        violations.Required(keys.Count == 0 ? null : keys, "tagKeys");
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var command = new UntagFunction(keys);
        var changed = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => UntagFunction.Apply(state, command, context),
            request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}
