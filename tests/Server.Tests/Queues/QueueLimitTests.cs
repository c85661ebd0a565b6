using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Queues;

/// <summary>Queues where there is no room: too many messages in flight, a disk that is full or broken.</summary>
public sealed class QueueLimitTests : IAsyncLifetime
{
    private readonly FaultyStore store = new(TimeProvider.System);
    private readonly VirtualTime time = new();
    private readonly QueueSignals signals = new();
    private readonly QueueSweeper sweeper;
    private readonly QueueService queues;
    private readonly MessageSender sender;
    private readonly MessageSettler settler;
    private MessageReceiver receiver;

    public QueueLimitTests()
    {
        sweeper = new QueueSweeper(store, time, NullLogger<QueueSweeper>.Instance);
        queues = new QueueService(store, signals, sweeper, "us-east-1", time);
        sender = new MessageSender(store, signals, time);
        settler = new MessageSettler(store, signals, time);
        receiver = Receiver(25);
    }

    private static QueueId Id { get; } = new(AccountId.Root, "jobs");

    public async ValueTask InitializeAsync() =>
        (await queues.CreateAsync(Id, new Dictionary<string, string>(), Queue.NoTags, default)).Error.ShouldBeNull();

    public async ValueTask DisposeAsync()
    {
        await sweeper.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public void Limit_is_that_of_aws() => Receiver().InFlightMax.ShouldBe(120_000);

    [Fact]
    public async Task Receive_beyond_the_limit_in_flight_is_refused_exactly_there()
    {
        await SendAsync(40);
        (await ReceiveAsync()).Count.ShouldBe(10);
        (await ReceiveAsync()).Count.ShouldBe(10);
        var last = await ReceiveAsync();
        last.Count.ShouldBe(5, "as many as there is room for");
        var refused = await TryReceiveAsync();
        refused.Error!.Code.ShouldBe(ErrorCode.QueueOverLimit);
        refused.Error.Message.ShouldContain("25 messages in flight");

        // What is worked off, or visible again, makes room.
        await settler.DeleteAsync(Id, [last[0].ReceiptHandle, last[1].ReceiptHandle], default);
        (await ReceiveAsync()).Count.ShouldBe(2);
        (await TryReceiveAsync()).Error!.Code.ShouldBe(ErrorCode.QueueOverLimit);
        time.Advance(TimeSpan.FromSeconds(31));
        (await ReceiveAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Receive_that_waits_beyond_the_limit_gets_what_there_is_room_for_later()
    {
        receiver = Receiver(1);
        await SendAsync(2);
        var first = (await ReceiveAsync()).ShouldHaveSingleItem();
        var waiting = receiver.ReceiveAsync(Id, new ReceiveRequest { WaitSeconds = 20 }, default);
        time.Advance(TimeSpan.FromSeconds(2));
        waiting.IsCompleted.ShouldBeFalse();
        await settler.DeleteAsync(Id, [first.ReceiptHandle], default);
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).Value.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(ErrorCode.DiskFull)]
    [InlineData(ErrorCode.StoreUnavailable)]
    public async Task Disk_that_refuses_loses_nothing_reads_go_on_and_all_works_again_when_it_does(ErrorCode code)
    {
        await SendAsync(2);
        var taken = (await ReceiveAsync(1)).ShouldHaveSingleItem();
        store.Refusal = new StoreException(code, "The disk refuses.");

        await RefusedAsync(() => SendAsync(1));
        await RefusedAsync(() => ReceiveAsync(1));
        await RefusedAsync(() => settler.DeleteAsync(Id, [taken.ReceiptHandle], default));
        await RefusedAsync(() => settler.ChangeVisibilityAsync(Id, [(taken.ReceiptHandle, 0)], default));
        await RefusedAsync(() => queues.PurgeAsync(Id, default));
        queues.Count(queues.Find(Id)!).ShouldBe(new MessageCounts(1, 1, 0));

        store.Refusal = null;
        await SendAsync(1);
        (await settler.DeleteAsync(Id, [taken.ReceiptHandle], default)).Value.Single().ShouldBeNull();
        (await ReceiveAsync()).Count.ShouldBe(2);
        queues.Count(queues.Find(Id)!).ShouldBe(new MessageCounts(0, 2, 0));

        async Task RefusedAsync(Func<Task> write) =>
            (await Should.ThrowAsync<StoreException>(write)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Receive_whose_answer_is_lost_hides_its_message_until_its_timeout()
    {
        await SendAsync(1);
        store.LosesNextAnswer = true;
        await Should.ThrowAsync<StoreException>(() => ReceiveAsync());
        (await ReceiveAsync()).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(31));
        (await ReceiveAsync()).ShouldHaveSingleItem().State.ReceiveCount.ShouldBe(2);
    }

    private MessageReceiver Receiver(int? most = null) => most is { } limit
        ? new MessageReceiver(store, signals, "us-east-1", time, CancellationToken.None) { InFlightMax = limit }
        : new MessageReceiver(store, signals, "us-east-1", time, CancellationToken.None);

    private async Task SendAsync(int count)
    {
        for (; count > 0; count -= Limits.MessageBatchMax)
        {
            var requests = Enumerable.Range(0, Math.Min(count, Limits.MessageBatchMax))
                .Select(number => new SendRequest { Body = $"{number}" });
            (await sender.SendAsync(Id, "sender", [.. requests], default)).Error.ShouldBeNull();
        }
    }

    private Task<Result<IReadOnlyList<ReceivedMessage>>> TryReceiveAsync(int most = 10) => receiver.ReceiveAsync(
        Id, new ReceiveRequest { MessagesMax = most, WaitSeconds = 0 }, default);

    private async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(int most = 10) =>
        (await TryReceiveAsync(most)).Value;
}
