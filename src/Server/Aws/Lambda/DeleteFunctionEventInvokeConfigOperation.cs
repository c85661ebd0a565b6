using Lambent.Kernel;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>DeleteFunctionEventInvokeConfig: asynchronous calls are made as without a configuration.</summary>
internal static class DeleteFunctionEventInvokeConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "DeleteFunctionEventInvokeConfig",
        "DELETE",
        EventInvokeConfigBody.Path,
        request => HandleAsync(services, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var command = new DeleteEventInvokeConfig(request.Function.Qualifier);
        var changed = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => DeleteEventInvokeConfig.Apply(state, command, context),
            request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}
