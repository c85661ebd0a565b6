using Lambent.Kernel;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>UpdateFunctionUrlConfig: changes an HTTP address; an empty Cors takes its policy away.</summary>
internal static class UpdateFunctionUrlConfigOperation
{
    public static AwsOperation Create(LambdaServices services, FunctionUrls urls) => new(
        "UpdateFunctionUrlConfig",
        "PUT",
        "/2021-10-31/functions/{FunctionName}/url",
        request => HandleAsync(services, urls, request))
    {
        Target = services.FunctionOrAlias,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(
        LambdaServices services, FunctionUrls urls, AwsRequest request)
    {
        if (FunctionUrlConfigBody.Read(request, requiresAuth: false).Failed(out var body, out var failure))
        {
            return failure;
        }

        var qualifier = request.Function.Qualifier;
        var policy = body.Cors?.ToPolicy();
        var command = new UpdateFunctionUrl
        {
            Qualifier = qualifier,
            Auth = body.Auth,
            InvokeMode = body.Mode,
            CrossOrigin = policy,
            RemovesCrossOrigin = body.Cors is not null && policy is null,
        };
        var changed = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => UpdateFunctionUrl.Apply(state, command, context),
            request.Cancellation);
        return changed.Select(function => AwsResponse.Json(
            200,
            FunctionUrlConfigShape.From(function, qualifier, services.Arns, urls),
            LambdaAccessJson.Wire.FunctionUrlConfigShape));
    }
}
