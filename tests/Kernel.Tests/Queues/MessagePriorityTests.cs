using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Queues;

public sealed class MessagePriorityTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Number", "0", true)]
    [InlineData("Number", "9", true)]
    [InlineData("String", "5", true)]
    [InlineData("Number", "10", false)]
    [InlineData("Number", "-1", false)]
    [InlineData("Number", "1.5", false)]
    [InlineData("String", "urgent", false)]
    public void Priority_isAWholeNumberFrom0To9(string type, string value, bool isValid)
    {
        var attributes = Attributes(type, value);
        (MessagePriority.Check(Queue(hasPriorities: true), attributes) is null).ShouldBe(isValid);
        MessagePriority.In(Queue(hasPriorities: true), attributes)
            .ShouldBe(isValid ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : 0);
    }

    [Fact]
    public void Priority_isRefused_whereThereAreNone()
    {
        MessagePriority.Check(Queue(hasPriorities: false), Attributes("Number", "1"))!
            .Message.ShouldContain("lambent:priority=true");
        MessagePriority.Check(Queue(hasPriorities: false, "jobs.fifo"), Attributes("Number", "1"))!
            .Message.ShouldContain("FIFO");
        MessagePriority.Check(Queue(hasPriorities: false), MessageContent.NoAttributes).ShouldBeNull();
        MessagePriority.In(Queue(hasPriorities: false), MessageContent.NoAttributes).ShouldBeNull();
    }

    [Fact]
    public void Order_isByPriority_butTenMinutesOfWaitingAreWorthOne()
    {
        MessageState[] visible =
        [
            State(1, priority: 0, Start), State(2, priority: 0, Start.AddMinutes(1)),
            State(3, priority: 9, Start.AddMinutes(80)), State(4, priority: 9, Start.AddMinutes(95)),
            State(5, priority: 1, Start.AddMinutes(5)),
        ];

        MessagePriority.First(visible, 10).Select(state => state.Sequence).ShouldBe([3, 5, 1, 2, 4]);
        MessagePriority.First(visible, 2).Select(state => state.Sequence).ShouldBe([3, 5]);
    }

    [Theory]
    [InlineData("lambent:priority", "true", "jobs", true)]
    [InlineData("lambent:priority", "false", "jobs.fifo", true)]
    [InlineData("team", "blue", "jobs", true)]
    [InlineData("lambent:priority", "true", "jobs.fifo", false)]
    [InlineData("lambent:priority", "yes", "jobs", false)]
    [InlineData("lambent:priorities", "true", "jobs", false)]
    [InlineData("Lambent:priority", "true", "jobs", false)]
    [InlineData("", "x", "jobs", false)]
    public void Tags_thatAreSettings_areChecked(string key, string value, string queue, bool isValid)
    {
        var tags = Kernel.Queues.Queue.NoTags.Add(key, value);
        (QueueTags.Check(new QueueId(AccountId.Root, queue), tags) is null).ShouldBe(isValid);
    }

    [Fact]
    public void Tags_cannotChangeWhetherThereArePriorities()
    {
        var with = Queue(hasPriorities: true);
        QueueTags.CheckChange(with, with.Tags.Add("a", "b")).ShouldBeNull();
        QueueTags.CheckChange(with, Kernel.Queues.Queue.NoTags).ShouldNotBeNull();
        QueueTags.CheckChange(Queue(hasPriorities: false), with.Tags).ShouldNotBeNull();
    }

    private static MessageState State(long sequence, int priority, DateTimeOffset visibleAt) => new()
    {
        Sequence = sequence,
        Priority = priority,
        VisibleAt = visibleAt,
        SentAt = visibleAt,
        RetainedFrom = visibleAt,
    };

    private static ImmutableSortedDictionary<string, MessageAttribute> Attributes(string type, string value) =>
        MessageContent.NoAttributes.Add(
            MessagePriority.AttributeName, new MessageAttribute(type, value, null));

    private static Queue Queue(bool hasPriorities, string name = "jobs") => new()
    {
        Id = new QueueId(AccountId.Root, name),
        Number = 1,
        LaneNumber = 1,
        CreatedAt = Start,
        ModifiedAt = Start,
        Settings = new QueueSettings(),
        Tags = hasPriorities
            ? Kernel.Queues.Queue.NoTags.Add(QueueTags.Priority, "true")
            : Kernel.Queues.Queue.NoTags,
    };
}
