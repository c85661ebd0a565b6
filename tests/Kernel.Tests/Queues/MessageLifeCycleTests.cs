using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Queues;

public sealed class MessageLifeCycleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Queue Jobs = new()
    {
        Id = new QueueId(AccountId.Root, "jobs"),
        Number = 1,
        LaneNumber = 1,
        CreatedAt = Now,
        ModifiedAt = Now,
        Settings = new QueueSettings
        {
            Redrive = new RedrivePolicy("{}", new QueueId(AccountId.Root, "dead"), 2), RetentionSeconds = 60,
        },
    };

    [Theory]
    [InlineData(0, 0, true, ReceiveDecision.Deliver)]
    [InlineData(1, 59, true, ReceiveDecision.Deliver)]
    [InlineData(2, 0, true, ReceiveDecision.DeadLetter)]
    [InlineData(2, 0, false, ReceiveDecision.Deliver)]
    [InlineData(2, 60, true, ReceiveDecision.Expire)]
    public void Receive_delivers_moves_or_expires(int receives, int age, bool hasTarget, ReceiveDecision expected) =>
        MessageLifeCycle.Decide(
            Jobs, New(1) with { ReceiveCount = receives, RetainedFrom = Now.AddSeconds(-age) }, Now, hasTarget)
            .ShouldBe(expected);

    [Fact]
    public void Received_message_is_in_flight_until_its_timeout()
    {
        var received = MessageLifeCycle.Receive(New(1), Now, TimeSpan.FromSeconds(30));

        received.IsInFlight(Now).ShouldBeTrue();
        received.IsInFlight(Now.AddSeconds(30)).ShouldBeFalse();
        received.IsVisible(Now.AddSeconds(30)).ShouldBeTrue();
        var again = MessageLifeCycle.Receive(received, Now.AddSeconds(40), TimeSpan.Zero);
        (again.ReceiveCount, again.FirstReceivedAt).ShouldBe((2, Now));
    }

    [Fact]
    public void Visibility_ends_twelve_hours_after_the_receive()
    {
        var received = MessageLifeCycle.Receive(New(1), Now, TimeSpan.FromSeconds(30));
        MessageLifeCycle.ChangeVisibility(received, Now, 43_200).IsSuccess.ShouldBeTrue();
        MessageLifeCycle.ChangeVisibility(received, Now.AddSeconds(1), 43_200).Error.ShouldNotBeNull()
            .Message.ShouldContain("Total VisibilityTimeout for the message is beyond the limit [43200 seconds]");
    }

    [Fact]
    public void Dead_letters_keep_their_counters_and_redriven_messages_are_new()
    {
        var received = MessageLifeCycle.Receive(New(1), Now.AddHours(-1), TimeSpan.FromSeconds(30));
        var dead = MessageLifeCycle.MoveToDeadLetters(received, 9, Now);
        (dead.Sequence, dead.ReceiveCount, dead.ReceivedAt, dead.RetainedFrom).ShouldBe((9, 1, null, Now));
        MessageLifeCycle.MoveToDeadLetters(received with { GroupId = "g" }, 9, Now.AddHours(2)).RetainedFrom
            .ShouldBe(Now.AddHours(2));
        var back = MessageLifeCycle.Redrive(dead, 3, Now.AddHours(3));
        (back.ReceiveCount, back.FirstReceivedAt, back.SentAt).ShouldBe((0, null, Now.AddHours(3)));
    }

    [Fact]
    public void Group_waits_for_its_first_message_and_for_all_in_flight()
    {
        MessageLifeCycle.GroupAvailableAt([]).ShouldBeNull();
        MessageLifeCycle.GroupAvailableAt([New(1), New(2) with { VisibleAt = Now.AddSeconds(5) }]).ShouldBe(Now);
        MessageLifeCycle.GroupAvailableAt([New(1) with { VisibleAt = Now.AddSeconds(5) }, New(2)])
            .ShouldBe(Now.AddSeconds(5));
        MessageLifeCycle.GroupAvailableAt(
            [New(1), MessageLifeCycle.Receive(New(2), Now, TimeSpan.FromSeconds(7)), New(3)])
            .ShouldBe(Now.AddSeconds(7));
    }

    private static MessageState New(long sequence) => new()
    {
        Sequence = sequence, VisibleAt = Now, SentAt = Now, RetainedFrom = Now,
    };
}
