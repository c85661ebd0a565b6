using Lambent.Kernel;
using Lambent.Kernel.Mappings;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>GetEventSourceMapping: one mapping, with how its last batch ended.</summary>
internal static class GetEventSourceMappingOperation
{
    public static AwsOperation Create(MappingOperations operations) => new(
        "GetEventSourceMapping",
        "GET",
        MappingOperations.PathOfOne,
        request => ValueTask.FromResult(Handle(operations, request)));

    private static Result<AwsResponse> Handle(MappingOperations operations, AwsRequest request) =>
        operations.Mappings.Find(request.Principal.Account, request.Path("UUID")) is { } mapping
            ? operations.Answer(200, mapping)
            : MappingRules.NotFound;
}
