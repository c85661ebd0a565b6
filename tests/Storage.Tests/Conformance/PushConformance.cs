using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Webhooks;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class PushConformance(StoreEngine engine) : StoreConformance(engine)
{
    private static readonly QueueLane Lane = new(Samples.Account, 7);

    [Fact]
    public async Task Push_queue_reads_back_the_same()
    {
        var push = new PushQueue
        {
            Id = new QueueId(Samples.Account, "jobs"),
            Mode = PushMode.Unicast,
            Subscribers =
            [
                new PushSubscriber("a", "https://a.test/x?y=1", PushSubscriber.NoHeaders.Add("X-Team", "blue")),
                new PushSubscriber("b", "http://b.test/", PushSubscriber.NoHeaders),
            ],
            RetriesMax = 7,
            RetryDelaySeconds = 11,
            ConcurrencyMax = 3,
            ErrorQueueName = "errors",
            Secrets =
            [
                new WebhookSecret("whsec_2", Samples.Time), new WebhookSecret("whsec_1", Samples.Time, Samples.Time),
            ],
            IsEnabled = false,
            CreatedAt = Samples.Time,
            ModifiedAt = Samples.Time.AddSeconds(1),
        };
        await WriteAsync(transaction =>
        {
            transaction.Push.Put(push);
            transaction.Push.Put(push with { Id = new QueueId(Samples.Account, "another") });
            transaction.Push.Put(push with { Id = new QueueId(Samples.OtherAccount, "jobs") });
        });
        Engine.Reopen();

        Store.Read(transaction => transaction.Push.Get(push.Id)).ShouldMatch(push);
        Store.Read(transaction => transaction.Push.List(Samples.Account)).Select(one => one.Id.Name)
            .ShouldBe(["another", "jobs"]);
        Store.Read(transaction => transaction.Push.All()).Count.ShouldBe(3);
        await WriteAsync(transaction => transaction.Push.Delete(push.Id));
        Store.Read(transaction => transaction.Push.Get(push.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Progress_is_found_by_sequence_and_by_message_and_forgotten_with_the_message()
    {
        var progress = new PushProgress
        {
            MessageId = "m-2",
            Rounds = 2,
            Problem = "no error queue",
            Subscribers = new PushProgress { MessageId = "" }.Subscribers
                .Add("a", new SubscriberProgress
                {
                    State = PushState.Accepted,
                    Tries = 3,
                    StatusCode = 202,
                    Problem = "p",
                    LastTriedAt = Samples.Time,
                    DueAt = Samples.Time.AddSeconds(5),
                })
                .Add("b", new SubscriberProgress { State = PushState.Failed }),
        };
        await WriteAsync(transaction =>
        {
            Add(transaction, 2);
            transaction.Push.PutProgress(Lane, 1, progress with { MessageId = "m-1" });
            transaction.Push.PutProgress(Lane, 2, progress with { Rounds = 1 });
            transaction.Push.PutProgress(Lane, 2, progress);
        });

        Store.Read(transaction => transaction.Push.Progress(Lane, 2)).ShouldMatch(progress);
        Store.Read(transaction => transaction.Push.FindProgress(Lane, "m-2"))!.Value.Sequence.ShouldBe(2);
        Store.Read(transaction => transaction.Push.FindProgress(Lane, "m-3")).ShouldBeNull();
        Store.Read(transaction => transaction.Push.ListProgress(Lane, 0, 10)).Select(one => one.Sequence)
            .ShouldBe([1, 2]);
        Store.Read(transaction => transaction.Push.ListProgress(Lane, 1, 10)).Select(one => one.Sequence)
            .ShouldBe([2]);

        // The first one's message is no more.
        await WriteAsync(transaction => transaction.Push.ForgetProgress(10).ShouldBe(1));
        Store.Read(transaction => transaction.Push.Progress(Lane, 1)).ShouldBeNull();
        await WriteAsync(transaction => transaction.Push.DeleteProgress(Lane, 2));
        Store.Read(transaction => transaction.Push.Progress(Lane, 2)).ShouldBeNull();
    }

    private static void Add(Kernel.Storage.ITransaction transaction, long sequence) => transaction.Messages.Add(
        Lane,
        new MessageState
        {
            Sequence = sequence, VisibleAt = Samples.Time, SentAt = Samples.Time, RetainedFrom = Samples.Time,
        },
        new MessageContent { Id = $"m-{sequence}", Body = "x", SenderId = "s" });
}
