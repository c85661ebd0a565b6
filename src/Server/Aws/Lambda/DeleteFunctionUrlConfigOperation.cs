using Lambent.Kernel;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>DeleteFunctionUrlConfig: takes an HTTP address away.</summary>
internal static class DeleteFunctionUrlConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "DeleteFunctionUrlConfig",
        "DELETE",
        "/2021-10-31/functions/{FunctionName}/url",
        request => HandleAsync(services, request))
    {
        Target = services.FunctionOrAlias,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var command = new DeleteFunctionUrl(request.Function.Qualifier);
        var changed = await services.ChangeAsync(
            request.Function.Id, (state, _) => DeleteFunctionUrl.Apply(state, command), request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}
