using Lambent.Server.Aws.Protocols;
using Lambent.Server.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>What the operations call.</summary>
internal sealed class SqsServices
{
    public required QueueService Queues { get; init; }

    public required MessageSender Sender { get; init; }

    public required MessageReceiver Receiver { get; init; }

    public required MessageSettler Settler { get; init; }

    public required MoveTaskRunner Moves { get; init; }

    public required PageMarkers Markers { get; init; }
}
