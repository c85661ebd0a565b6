using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetFunctionUrlConfig: the HTTP address of a function or an alias.</summary>
internal static class GetFunctionUrlConfigOperation
{
    public static AwsOperation Create(LambdaServices services, FunctionUrls urls) => new(
        "GetFunctionUrlConfig",
        "GET",
        "/2021-10-31/functions/{FunctionName}/url",
        request => ValueTask.FromResult(Handle(services, urls, request)))
    {
        Target = services.FunctionOrAlias,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, FunctionUrls urls, AwsRequest request)
    {
        var qualifier = request.Function.Qualifier;
        return services.Functions.Directory.Find(request.Function.Id) is { } snapshot
            && snapshot.Function.Urls.ContainsKey(qualifier ?? Function.Unqualified)
                ? AwsResponse.Json(
                    200,
                    FunctionUrlConfigShape.From(snapshot.Function, qualifier, services.Arns, urls),
                    LambdaAccessJson.Wire.FunctionUrlConfigShape)
                : FunctionUrlErrors.NotFound;
    }
}
