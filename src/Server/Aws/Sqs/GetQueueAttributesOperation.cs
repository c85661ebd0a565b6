using Lambent.Kernel;
using Lambent.Kernel.Queues;
using System.Globalization;

namespace Lambent.Server.Aws.Sqs;

/// <summary>What a queue is set to, and about how many messages it has.</summary>
internal static class GetQueueAttributesOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("GetQueueAttributes", SqsScope.Granted, call => HandleAsync(services, call));

    private static Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        return Task.FromResult(Handle(services, call));
    }

    private static Result<SqsStructure> Handle(SqsServices services, SqsCall call)
    {
        var names = call.Input.Texts("AttributeNames");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (names.FirstOrDefault(name => !QueueAttributes.IsKnown(name)) is { } unknown)
        {
            return new Error(ErrorCode.QueueAttributeUnknown, $"Unknown Attribute {unknown}.", unknown);
        }

        if (services.Queues.Find(call.Queue) is not { } queue)
        {
            return QueueErrors.NotFound;
        }

        var all = names.Contains(QueueAttributes.All, StringComparer.Ordinal);
        var attributes = QueueAttributes.ReadAll(queue, services.Queues.Region);
        if (all || names.Any(name => QueueAttributes.Counted.Contains(name, StringComparer.Ordinal)))
        {
            var counts = services.Queues.Count(queue);
            attributes = attributes.Concat(QueueAttributes.Counted.Zip(
                [Text(counts.Visible), Text(counts.InFlight), Text(counts.Delayed)], KeyValuePair.Create));
        }

        var wanted = attributes.Where(attribute => all || names.Contains(attribute.Key, StringComparer.Ordinal));
        return new SqsStructure(("Attributes", SqsMap.OrNull("Attribute", "Name", wanted)));
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
