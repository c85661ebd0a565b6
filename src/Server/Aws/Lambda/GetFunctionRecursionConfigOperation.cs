using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// GetFunctionRecursionConfig: what happens to a function that keeps calling itself through queues. Nothing stops it
/// here, and so the answer is Allow for every function.
/// </summary>
internal static class GetFunctionRecursionConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunctionRecursionConfig",
        "GET",
        "/2024-08-31/functions/{FunctionName}/recursion-config",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        services.Find(request.Function with { Qualifier = null }).Select(_ => AwsResponse.Json(
            200, new RecursionConfigShape("Allow"), LambdaAccessJson.Wire.RecursionConfigShape));
}

internal sealed record RecursionConfigShape(string RecursiveLoop);
