using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// GetFunctionCodeSigningConfig: that a function has none, because setting one is refused. Infrastructure tools read
/// it with every function.
/// </summary>
internal static class GetFunctionCodeSigningConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetFunctionCodeSigningConfig",
        "GET",
        "/2020-06-30/functions/{FunctionName}/code-signing-config",
        request => ValueTask.FromResult(services.Find(request.Function).Select(function => AwsResponse.Json(
            200,
            new GetFunctionCodeSigningConfigResponse(function.Id.Name),
            LambdaJson.Wire.GetFunctionCodeSigningConfigResponse))))
    {
        Target = services.Function,
    };
}

internal sealed record GetFunctionCodeSigningConfigResponse(string FunctionName);
