using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Webhooks;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Queues.Push;

public sealed class PushStepTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private static readonly PushProgress New = new() { MessageId = "m" };

    [Fact]
    public void Multicast_triesAll_andThenOnlyThoseThatFailed()
    {
        var queue = Queue(PushMode.Multicast, "a", "b", "c");
        Names(queue, New, Start).ShouldBe(["a", "b", "c"]);

        var step = PushStep.Conclude(queue, New, [Taken("a"), Failed("b"), Taken("c")], Start);
        step.DueAt.ShouldBe(Start.AddSeconds(60));
        Names(queue, step.Progress, Start.AddSeconds(59)).ShouldBeEmpty();
        Names(queue, step.Progress, Start.AddSeconds(60)).ShouldBe(["b"]);
        step = PushStep.Conclude(queue, step.Progress, [Taken("b")], Start.AddSeconds(60));
        step.IsOver.ShouldBeTrue();
        step.HasFailed.ShouldBeFalse();
    }

    [Fact]
    public void Multicast_givesUpAfterItsRetries_withPausesThatDouble()
    {
        var queue = Queue(PushMode.Multicast, "a", "b") with { RetriesMax = 2 };
        var now = Start;
        var progress = New;
        List<double> pauses = [];
        while (true)
        {
            var attempts = Names(queue, progress, now).Select(name => name == "a" ? Taken("a") : Failed(name));
            var step = PushStep.Conclude(queue, progress, [.. attempts], now);
            if (step.DueAt is not { } due)
            {
                step.HasFailed.ShouldBeTrue();
                step.Progress.Of("b").Tries.ShouldBe(3);
                step.Progress.Of("a").State.ShouldBe(PushState.Delivered);
                break;
            }

            pauses.Add((due - now).TotalSeconds);
            (progress, now) = (step.Progress, due);
        }

        pauses.ShouldBe([60, 120]);
    }

    [Fact]
    public void Unicast_triesOthersAtOnce_andIsOverWithTheFirstThatTakes()
    {
        var queue = Queue(PushMode.Unicast, "a", "b", "c");
        Names(queue, New, Start, sequence: 1).ShouldBe(["b", "c", "a"]);
        Names(queue, New, Start, sequence: 2).ShouldBe(["c", "a", "b"]);

        var step = PushStep.Conclude(queue, New, [Failed("b"), Taken("c")], Start);
        step.IsOver.ShouldBeTrue();
        step.HasFailed.ShouldBeFalse();
    }

    [Fact]
    public void Unicast_waitsAfterARoundInWhichAllFailed_andGivesUpAfterItsRetries()
    {
        var queue = Queue(PushMode.Unicast, "a", "b") with { RetriesMax = 1 };
        var step = PushStep.Conclude(queue, New, [Failed("a"), Failed("b")], Start);
        step.DueAt.ShouldBe(Start.AddSeconds(60));
        Names(queue, step.Progress, step.DueAt!.Value).Count.ShouldBe(2);
        step = PushStep.Conclude(queue, step.Progress, [Failed("a"), Failed("b")], step.DueAt.Value);
        step.HasFailed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(PushMode.Multicast)]
    [InlineData(PushMode.Unicast)]
    public void Accepted_isWaitedFor_andTriedAgainWithoutAnAcknowledgement(PushMode mode)
    {
        var queue = Queue(mode, "a", "b") with { RetriesMax = 1 };
        PushAttempt[] attempts = mode == PushMode.Multicast ? [Accepted("a"), Taken("b")] : [Accepted("a")];
        var step = PushStep.Conclude(queue, New, attempts, Start);
        step.DueAt.ShouldBe(Start.AddSeconds(60));
        Names(queue, step.Progress, Start.AddSeconds(30)).ShouldBeEmpty();
        Names(queue, step.Progress, Start.AddSeconds(60)).ShouldContain("a");

        var done = PushStep.Acknowledge(queue, step.Progress, "a", Start.AddSeconds(30));
        done.IsOver.ShouldBeTrue();
        done.HasFailed.ShouldBeFalse();

        // The last one is waited for as long, and is then a failure.
        step = PushStep.Conclude(queue, step.Progress, [Accepted("a")], Start.AddSeconds(60));
        step.DueAt.ShouldBe(Start.AddSeconds(60 + 120));
        Names(queue, step.Progress, step.DueAt!.Value).ShouldBeEmpty();
        step = PushStep.Conclude(queue, step.Progress, [], step.DueAt.Value);
        step.HasFailed.ShouldBeTrue();
        step.Progress.Of("a").Problem!.ShouldContain("not acknowledged");
    }

    [Fact]
    public void Acknowledgement_thatWasQuickerThanTheAnswer_counts()
    {
        var queue = Queue(PushMode.Multicast, "a", "b");
        var early = PushStep.Acknowledge(queue, New, "a", Start);
        early.IsOver.ShouldBeFalse();
        var step = PushStep.Conclude(queue, early.Progress, [Accepted("a"), Taken("b")], Start);
        step.IsOver.ShouldBeTrue();
        step.HasFailed.ShouldBeFalse();
    }

    [Fact]
    public void Gone_isNeverTriedAgain()
    {
        var queue = Queue(PushMode.Multicast, "a");
        var step = PushStep.Conclude(queue, New, [new PushAttempt("a", 410, "The answer was 410.")], Start);
        step.IsOver.ShouldBeTrue();
        step.HasFailed.ShouldBeTrue();
    }

    [Fact]
    public void Pause_followsWhatTheOtherSideAsks_withinItsLimit()
    {
        var queue = Queue(PushMode.Multicast, "a");
        queue.PauseAfter(1, TimeSpan.FromMinutes(5)).ShouldBe(TimeSpan.FromMinutes(5));
        queue.PauseAfter(1, TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(60));
        queue.PauseAfter(90, null).ShouldBe(Limits.PushPauseMax);
        queue.PauseAfter(1, TimeSpan.FromDays(300)).ShouldBe(Limits.PushPauseMax);
    }

    [Fact]
    public void Subscriber_thatIsNoneAnyMore_isForgotten_andOneThatIsNewIsTried()
    {
        var before = Queue(PushMode.Multicast, "a", "b");
        var step = PushStep.Conclude(before, New, [Failed("a"), Failed("b")], Start);
        var after = Queue(PushMode.Multicast, "b", "c");
        Names(after, step.Progress, Start).ShouldBe(["c"]);
        step = PushStep.Conclude(after, step.Progress, [Taken("c")], Start);
        step.Progress.Subscribers.Keys.ShouldBe(["b", "c"]);
    }

    [Theory]
    [InlineData("http://x.test/", null, null, true)]
    [InlineData("ftp://x.test/", null, null, false)]
    [InlineData("http://u:p@x.test/", null, null, false)]
    [InlineData("http://x.test/", "X-Team", "blue", true)]
    [InlineData("http://x.test/", "Host", "y", false)]
    [InlineData("http://x.test/", "webhook-signature", "y", false)]
    [InlineData("http://x.test/", "Lambent-Queue", "y", false)]
    [InlineData("http://x.test/", "X-A", "a\r\nB: c", false)]
    [InlineData("http://x.test/", "X A", "a", false)]
    public void Subscribers_areChecked(string url, string? header, string? value, bool isValid)
    {
        var headers = header is null ? PushSubscriber.NoHeaders : PushSubscriber.NoHeaders.Add(header, value!);
        var queue = Queue(PushMode.Multicast, "a") with { Subscribers = [new PushSubscriber("a", url, headers)] };
        (PushRules.Check(queue) is null).ShouldBe(isValid);
    }

    [Fact]
    public void Settings_areChecked()
    {
        var queue = Queue(PushMode.Multicast, "a");
        PushRules.Check(queue).ShouldBeNull();
        PushQueue[] wrong =
        [
            queue with { Subscribers = [] },
            queue with { Subscribers = [queue.Subscribers[0], queue.Subscribers[0]] },
            queue with { RetriesMax = 101 },
            queue with { RetriesMax = -1 },
            queue with { RetryDelaySeconds = 2 },
            queue with { ConcurrencyMax = 0 },
            queue with { ErrorQueueName = "" },
            queue with { ErrorQueueName = "jobs" },
            queue with { ErrorQueueName = "errors.fifo" },
            queue with { Secrets = [new WebhookSecret("short", Start)] },
        ];
        wrong.ShouldAllBe(one => PushRules.Check(one) != null);
    }

    private static List<string> Names(PushQueue queue, PushProgress progress, DateTimeOffset now, long sequence = 0) =>
        [.. PushStep.Candidates(queue, progress, sequence, now).Select(subscriber => subscriber.Name)];

    private static PushAttempt Taken(string name) => new(name, 200, null);

    private static PushAttempt Accepted(string name) => new(name, 202, null);

    private static PushAttempt Failed(string name) => new(name, 500, "The answer was 500.");

    private static PushQueue Queue(PushMode mode, params string[] names) => new()
    {
        Id = new QueueId(AccountId.Root, "jobs"),
        Mode = mode,
        Subscribers =
            [.. names.Select(name => new PushSubscriber(name, "http://x.test/", PushSubscriber.NoHeaders))],
        ErrorQueueName = "errors",
        Secrets = [new WebhookSecret(StandardSignature.Secret(new byte[32]), Start)],
        CreatedAt = Start,
        ModifiedAt = Start,
    };
}
