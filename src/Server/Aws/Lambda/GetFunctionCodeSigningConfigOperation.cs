using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// GetFunctionCodeSigningConfig: tools ask before they deploy. Code signing is not offered, so no function has a
/// configuration, and the answer is the one AWS gives for such a function.
/// </summary>
internal static class GetFunctionCodeSigningConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunctionCodeSigningConfig",
        "GET",
        "/2020-06-30/functions/{FunctionName}/code-signing-config",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.NamespacedFunction,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        services.Find(request.Function with { Qualifier = null }).Select(_ => AwsResponse.Json(
            200, new CodeSigningConfigShape(null, null), LambdaAccessJson.Wire.CodeSigningConfigShape));
}

internal sealed record CodeSigningConfigShape(string? CodeSigningConfigArn, string? FunctionName);
