using Lambent.Kernel;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>DeleteProvisionedConcurrencyConfig: lets the environments of a version or alias go.</summary>
internal static class DeleteProvisionedConcurrencyConfigOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "DeleteProvisionedConcurrencyConfig",
        "DELETE",
        PutProvisionedConcurrencyConfigOperation.Path,
        request => HandleAsync(services, request))
    {
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        var command = new UnprovisionConcurrency(request.Function.QualifierOrLatest);
        var changed = await services.ChangeAsync(
            request.Function.Id,
            (state, context) => UnprovisionConcurrency.Apply(state, command, context),
            request.Cancellation);
        return changed.Select(_ => AwsResponse.Empty(204));
    }
}
