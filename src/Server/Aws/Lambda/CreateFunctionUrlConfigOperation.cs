using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>CreateFunctionUrlConfig: gives a function or an alias an HTTP address.</summary>
internal static class CreateFunctionUrlConfigOperation
{
    public static AwsOperation Create(LambdaServices services, FunctionUrls urls) => new(
        "CreateFunctionUrlConfig",
        "POST",
        "/2021-10-31/functions/{FunctionName}/url",
        request => HandleAsync(services, urls, request))
    {
        Target = services.FunctionOrAlias,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(
        LambdaServices services, FunctionUrls urls, AwsRequest request)
    {
        if (FunctionUrlConfigBody.Read(request, requiresAuth: true).Failed(out var body, out var failure))
        {
            return failure;
        }

        var qualifier = request.Function.Qualifier;
        var command = new CreateFunctionUrl
        {
            Qualifier = qualifier,
            Auth = body.Auth!.Value,
            InvokeMode = body.Mode ?? FunctionUrlInvokeMode.Buffered,
            CrossOrigin = body.Cors?.ToPolicy(),
        };
        var changed = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => CreateFunctionUrl.Apply(state, command, context),
            request.Cancellation);
        return changed.Select(function => AwsResponse.Json(
            201,
            FunctionUrlConfigShape.From(function, qualifier, services.Arns, urls) with { LastModifiedTime = null },
            LambdaAccessJson.Wire.FunctionUrlConfigShape));
    }
}
