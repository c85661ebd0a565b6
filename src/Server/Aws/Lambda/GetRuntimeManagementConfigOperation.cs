using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// GetRuntimeManagementConfig: tools ask after a deploy. A runtime is what is installed on the machine and changes when
/// the operator changes it, which is what the API calls Auto.
/// </summary>
internal static class GetRuntimeManagementConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetRuntimeManagementConfig",
        "GET",
        "/2021-07-20/functions/{FunctionName}/runtime-management-config",
        request => ValueTask.FromResult(Handle(services, request)))
    {
        Target = services.NamespacedFunction,
    };

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request) =>
        services.FindVersion(request.Function).Select(found => AwsResponse.Json(
            200,
            new RuntimeManagementConfigShape(
                "Auto", services.Arns.Function(found.Function.Id, request.Function.Qualifier)),
            LambdaAccessJson.Wire.RuntimeManagementConfigShape));
}

internal sealed record RuntimeManagementConfigShape(string UpdateRuntimeOn, string FunctionArn);
