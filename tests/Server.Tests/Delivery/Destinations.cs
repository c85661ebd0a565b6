using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Tests.Delivery;

/// <summary>Queues that events are handed on to.</summary>
internal static class Destinations
{
    public static Task CreateQueueAsync(DeliveryBench bench, string name) => bench.Store.WriteAsync<Done>(transaction =>
    {
        var number = transaction.Queues.NextNumber(AccountId.Root);
        transaction.Queues.Put(new Queue
        {
            Id = new QueueId(AccountId.Root, name),
            Number = number,
            LaneNumber = number,
            CreatedAt = bench.Time.GetUtcNow(),
            ModifiedAt = bench.Time.GetUtcNow(),
            Settings = new QueueSettings(),
        });
        return Done.Value;
    });

    public static IReadOnlyList<MessageContent> Messages(DeliveryBench bench, string name) =>
        bench.Store.Read<IReadOnlyList<MessageContent>>(transaction =>
        {
            var queue = transaction.Queues.Get(new QueueId(AccountId.Root, name))!;
            return
            [
                .. transaction.Messages.Oldest(queue.Lane, 100)
                    .Select(state => transaction.Messages.Content(queue.Lane, state.Sequence)),
            ];
        });
}
