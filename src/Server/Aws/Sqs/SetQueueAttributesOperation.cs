using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Changes attributes, all or none.</summary>
internal static class SetQueueAttributesOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("SetQueueAttributes", SqsScope.Owner, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var attributes = call.Input.Map("Attributes");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (attributes.IsEmpty)
        {
            return QueueErrors.Missing("Attribute.Name");
        }

        var changed = await services.Queues.SetAttributesAsync(call.Queue, attributes, call.Aborted);
        return changed.Select(_ => SqsStructure.Empty);
    }
}
