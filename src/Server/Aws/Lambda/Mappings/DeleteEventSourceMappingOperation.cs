using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>DeleteEventSourceMapping: no more batches; the mapping is gone when those under way have ended.</summary>
internal static class DeleteEventSourceMappingOperation
{
    public static AwsOperation Create(MappingOperations operations) => new(
        "DeleteEventSourceMapping",
        "DELETE",
        MappingOperations.PathOfOne,
        request => HandleAsync(operations, request));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(MappingOperations operations, AwsRequest request)
    {
        var deleted = await operations.Mappings.DeleteAsync(
            request.Principal.Account, request.Path("UUID"), request.Cancellation);
        return deleted.Select(mapping => operations.Answer(202, mapping));
    }
}
