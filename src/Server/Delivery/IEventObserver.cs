using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>Told of the end of every event.</summary>
internal interface IEventObserver
{
    /// <summary>
    /// In the transaction in which the event ends. It must be quick: nearly always there is nothing to do.
    /// </summary>
    /// <param name="isDeadLettered">Whether it was put into its dead-letter queue.</param>
    /// <returns>What it handed something to; told after the commit.</returns>
    IEnumerable<DeliveryTarget> Ended(
        ITransaction transaction, AsyncEvent ended, EventEnd end, bool isDeadLettered, DateTimeOffset now);
}
