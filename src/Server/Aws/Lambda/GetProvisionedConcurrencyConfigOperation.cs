using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Dispatch;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetProvisionedConcurrencyConfig: how far the environments of a version or alias are.</summary>
internal static class GetProvisionedConcurrencyConfigOperation
{
    public static AwsOperation Create(LambdaServices services, ProvisionedEnvironments provisioned) => new(
        "GetProvisionedConcurrencyConfig",
        "GET",
        PutProvisionedConcurrencyConfigOperation.Path,
        request => ValueTask.FromResult(Handle(services, provisioned, request)))
    {
        Target = services.Function,
    };

    private static Result<AwsResponse> Handle(
        LambdaServices services, ProvisionedEnvironments provisioned, AwsRequest request)
    {
        var (id, qualifier) = (request.Function.Id, request.Function.QualifierOrLatest);
        var snapshot = services.Functions.Directory.Find(id);
        var arn = services.Arns.Function(id);
        if (ProvisionedRules.CheckTarget(snapshot?.Function, qualifier, arn, applies: false) is { } misplaced)
        {
            return misplaced;
        }

        // Where all windows are shut there is none, as when a scheduled action had taken it away.
        return provisioned.Describe(snapshot!).TryGetValue(qualifier, out var state) && state.Requested > 0
            ? AwsResponse.Json(
                200, ProvisionedConcurrencyShape.From(state), LambdaAccessJson.Wire.ProvisionedConcurrencyShape)
            : AwsErrors.Response(
                new Error(ErrorCode.ResourceNotFound, "No Provisioned Concurrency Config found for this function"),
                "ProvisionedConcurrencyConfigNotFoundException");
    }
}
