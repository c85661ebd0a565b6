using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>UpdateEventSourceMapping: changes what the request names; the next batches follow it.</summary>
internal static class UpdateEventSourceMappingOperation
{
    public static AwsOperation Create(MappingOperations operations) => new(
        "UpdateEventSourceMapping", "PUT", MappingOperations.PathOfOne, request => HandleAsync(operations, request));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(MappingOperations operations, AwsRequest request)
    {
        if (request.Json(MappingJson.Wire.MappingRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        if (MappingReader.Change(body, new ConstraintViolations()).Failed(out var change, out var wrong))
        {
            return wrong;
        }

        FunctionReference? function = null;
        if (body.FunctionName is { } name
            && MappingReader.Function(name, request, operations.Lambda.Options.Region)
                .Failed(out function, out var missing))
        {
            return missing;
        }

        var updated = await operations.Mappings.UpdateAsync(
            request.Principal.Account,
            request.Path("UUID"),
            change with { Function = function?.Id, Qualifier = function?.Qualifier },
            request.Cancellation);
        return updated.Select(mapping => operations.Answer(202, mapping));
    }
}
