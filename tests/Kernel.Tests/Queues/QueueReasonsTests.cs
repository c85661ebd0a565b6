using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Queues;

public sealed class QueueReasonsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Empty_queue_saysSo() => Codes(new MessageCounts(0, 0, 0)).ShouldBe(["empty"]);

    [Fact]
    public void Hidden_messages_sayWhenTheyComeBack()
    {
        var reasons = QueueReasons.Of(Facts(new MessageCounts(0, 2, 0)) with { NextVisibleAt = Now.AddSeconds(30) });
        reasons.ShouldHaveSingleItem().Code.ShouldBe("in-flight");
        reasons[0].Text.ShouldContain("2 messages are");
        reasons[0].Text.ShouldContain("08:00:30Z");
        Codes(new MessageCounts(0, 0, 1)).ShouldBe(["delayed"]);
        Codes(new MessageCounts(0, 1, 1)).ShouldBe(["in-flight", "delayed"]);
    }

    [Fact]
    public void Nobody_takesMessages()
    {
        var waiting = new MessageCounts(3, 0, 0);
        Codes(waiting).ShouldBe(["no-consumer"]);
        Codes(waiting, facts => facts with { WaitingReceives = 1 }).ShouldBe(["worked-on"]);
        Codes(waiting, facts => facts with { AskedAt = Now.AddSeconds(-30) }).ShouldBe(["worked-on"]);
        Codes(waiting, facts => facts with { AskedAt = Now.AddMinutes(-2) }).ShouldBe(["no-consumer"]);
    }

    [Fact]
    public void Limits_ofTheQueue_comeFirst()
    {
        var waiting = new MessageCounts(3, 5, 0);
        Codes(waiting, facts => facts with { IsInFlightLimitReached = true, WaitingReceives = 1 })
            .ShouldBe(["in-flight-limit"]);
        Codes(waiting, facts => facts with { IsFifo = true, WaitingReceives = 1 }).ShouldBe(["group-blocked"]);
        Codes(waiting, facts => facts with { IsFifo = true, HasAvailableGroup = true, WaitingReceives = 1 })
            .ShouldBe(["worked-on"]);
    }

    [Fact]
    public void Consumers_sayWhyTheyDoNotWork()
    {
        var works = new QueueConsumer("function ship") { Limit = 5, Running = 2 };
        Consumer(works).ShouldBe("worked-on");
        Consumer(works with { IsEnabled = false }).ShouldBe("consumer-paused");
        Consumer(works with { HasTarget = false }).ShouldBe("target-missing");
        Consumer(works with { RefusedBecause = "Rate exceeded" }).ShouldBe("throttled");
        Consumer(works with { Limit = 0 }).ShouldBe("concurrency-zero");
        Consumer(works with { Problem = "it broke" }).ShouldBe("failing");
        Consumer(works with { Running = 5 }).ShouldBe("concurrency-reached");
    }

    private static string Consumer(QueueConsumer consumer) => Codes(
        new MessageCounts(1, 0, 0), facts => facts with { Consumers = [consumer], WaitingReceives = 1 }).Single();

    private static IEnumerable<string> Codes(MessageCounts counts, Func<QueueFacts, QueueFacts>? with = null) =>
        QueueReasons.Of(with is null ? Facts(counts) : with(Facts(counts))).Select(reason => reason.Code);

    private static QueueFacts Facts(MessageCounts counts) => new() { Counts = counts, IsFifo = false, Now = Now };
}
