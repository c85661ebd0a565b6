using Lambent.Kernel;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>DeleteFunction: the whole function, or with a qualifier one published version.</summary>
internal static class DeleteFunctionOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "DeleteFunction",
        "DELETE",
        "/2015-03-31/functions/{FunctionName}",
        request => HandleAsync(services, request))
    {
        Target = services.NamespacedFunction,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var (id, qualifier) = request.Function;
        if (qualifier is not null)
        {
            var changed = await services.ChangeAsync(
                id,
                (state, context) => DeleteVersion.Apply(state, new DeleteVersion(qualifier), context),
                request.Cancellation);
            return changed.Select(_ => AwsResponse.Empty(204));
        }

        var context = services.Context(id);
        var deleted = await services.Functions.DeleteAsync(
            id, state => DeleteFunction.Apply(state, context), request.Cancellation);
        return deleted.Select(_ => AwsResponse.Empty(204));
    }
}
