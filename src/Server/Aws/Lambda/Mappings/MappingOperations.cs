using Lambent.Kernel.Mappings;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Mappings;

namespace Lambent.Server.Aws.Lambda.Mappings;

/// <summary>The Lambda API's operations about event source mappings.</summary>
internal sealed record MappingOperations(LambdaServices Lambda, MappingService Mappings, MappingRunner Runner)
{
    public const string Path = "/2015-03-31/event-source-mappings";
    public const string PathOfOne = Path + "/{UUID}";

    public IReadOnlyList<AwsOperation> All() =>
    [
        CreateEventSourceMappingOperation.Create(this),
        GetEventSourceMappingOperation.Create(this),
        ListEventSourceMappingsOperation.Create(this),
        UpdateEventSourceMappingOperation.Create(this),
        DeleteEventSourceMappingOperation.Create(this),
        .. MappingTagOperations.All(this),
    ];

    /// <summary>A mapping as the API shows it.</summary>
    public MappingShape Shape(EventSourceMapping mapping) => MappingShape.From(
        mapping,
        Lambda.Options.Region,
        Lambda.Arns.Function(mapping.Function, mapping.Qualifier),
        Runner.LastResult(mapping.Id));

    public AwsResponse Answer(int status, EventSourceMapping mapping) =>
        AwsResponse.Json(status, Shape(mapping), MappingJson.Wire.MappingShape);
}
