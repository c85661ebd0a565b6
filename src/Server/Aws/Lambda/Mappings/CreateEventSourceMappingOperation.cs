using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>CreateEventSourceMapping: calls a function with the messages of a queue.</summary>
internal static class CreateEventSourceMappingOperation
{
    public static AwsOperation Create(MappingOperations operations) => new(
        "CreateEventSourceMapping", "POST", MappingOperations.Path, request => HandleAsync(operations, request));

    private static async ValueTask<Result<AwsResponse>> HandleAsync(MappingOperations operations, AwsRequest request)
    {
        if (request.Json(MappingJson.Wire.MappingRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        violations.Required(body.FunctionName, "functionName");
        MappingReader.CheckSource(violations, body.EventSourceArn, "eventSourceArn");
        var tags = MappingReader.Tags(body.Tags, violations);
        if (MappingReader.Change(body, violations).Failed(out var change, out var wrong))
        {
            return wrong;
        }

        var region = operations.Lambda.Options.Region;
        if (tags.Count > Limits.TagsMax)
        {
            return MappingRules.Invalid("Number of tags exceeds resource tag limit.", "Tags");
        }

        if (MappingReader.Source(body.EventSourceArn, request.Principal.Account, region)
            .Failed(out var queue, out var unknown))
        {
            return unknown;
        }

        if (MappingReader.Function(body.FunctionName!, request, region).Failed(out var function, out var missing))
        {
            return missing;
        }

        var command = new CreateMapping(
            operations.Lambda.NewId(), queue, function.Id, function.Qualifier, change, tags);
        var created = await operations.Mappings.CreateAsync(command, request.Cancellation);
        return created.Select(mapping => operations.Answer(202, mapping));
    }
}
