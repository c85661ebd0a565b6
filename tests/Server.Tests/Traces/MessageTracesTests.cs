using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Traces;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Traces;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Traces;

/// <summary>To which trace a call for messages belongs, and what is kept of their waits.</summary>
public sealed class MessageTracesTests
{
    private const string RequestId = "01a200d3-f5d7-79ee-b3c2-a11f0f5c088f";
    private static readonly QueueId Orders = new(AccountId.Root, "orders");
    private static readonly TraceContext One = new(new TraceId(1, 2), 3, IsSampled: true);
    private static readonly TraceContext Other = new(new TraceId(4, 5), 6, IsSampled: true);

    private readonly VirtualTime time = new();
    private readonly Sink sink = new();
    private readonly MessageTraces traces;

    public MessageTracesTests() => traces = new MessageTraces(new CallTraces(1, time), sink, time);

    [Fact]
    public void Messages_without_a_trace_leave_the_call_to_itself()
    {
        var (call, waits) = traces.Begin(Orders, [Message(null), Message("Root=1")], RequestId);
        call.IsNone.ShouldBeTrue();
        waits.ShouldBeEmpty();
    }

    [Fact]
    public void Call_for_messages_of_one_trace_belongs_to_it()
    {
        var (call, waits) = traces.Begin(Orders, [Message(One), Message(null), Message(One)], RequestId);
        call.Parent.Trace.ShouldBe(One.Trace);
        waits.Count.ShouldBe(2);
        call.Parent.Span.ShouldBe(waits[0].Span);
        waits.ShouldAllBe(wait => wait.Parent == One && wait.Origin == SpanOrigin.Message);
        waits[0].Duration.ShouldBe(TimeSpan.FromSeconds(5));
        waits[1].Link.ShouldBe(call.Passed);
        sink.Spans.ShouldBeEmpty();
        traces.Keep(waits);
        sink.Spans.ShouldBe(waits);
    }

    [Fact]
    public void Call_for_messages_of_several_traces_begins_one_and_is_linked()
    {
        var (call, waits) = traces.Begin(Orders, [Message(One), Message(Other)], RequestId);
        TraceId.TryOfRequest(RequestId, out var own).ShouldBeTrue();
        call.Parent.ShouldBe(new TraceContext(own, 0, IsSampled: true));
        waits.Select(wait => wait.Parent).ShouldBe([One, Other]);
        waits.ShouldAllBe(wait => wait.Link == call.Passed);
    }

    [Fact]
    public void Ids_of_spans_follow_the_seed_and_never_repeat()
    {
        var (some, same) = (new CallTraces(7, time), new CallTraces(7, time));
        var ids = Enumerable.Range(0, 10_000).Select(_ => some.NextSpan()).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        ids.ShouldBe(Enumerable.Range(0, ids.Count).Select(_ => same.NextSpan()));
    }

    private ReceivedMessage Message(TraceContext context) => Message(XRayHeader.Format(context));

    private ReceivedMessage Message(string? header) => new(
        new MessageContent { Id = Guid.NewGuid().ToString(), Body = "", SenderId = "s", TraceHeader = header },
        new MessageState
        {
            Sequence = 1,
            VisibleAt = time.GetUtcNow(),
            SentAt = time.GetUtcNow().AddSeconds(-5),
            RetainedFrom = time.GetUtcNow(),
        },
        "handle");

    private sealed class Sink : ISpanSink
    {
        public List<TraceSpan> Spans { get; } = [];

        public bool Add(TraceSpan span)
        {
            Spans.Add(span);
            return true;
        }
    }
}
