using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetFunctionConfiguration: what a version is, and in which state.</summary>
internal static class GetFunctionConfigurationOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunctionConfiguration",
        "GET",
        "/2015-03-31/functions/{FunctionName}/configuration",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.NamespacedFunction,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        services.FindVersion(request.Function).Select(found => AwsResponse.Json(
            200,
            services.Shapes.Configuration(found.Function.Id, found.Version, request.Function.Qualifier),
            LambdaJson.Wire.FunctionConfigurationShape));
}
