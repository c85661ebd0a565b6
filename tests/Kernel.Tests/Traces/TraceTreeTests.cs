using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Traces;

public sealed class TraceTreeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TraceId Trace = new(1, 2);

    [Fact]
    public void Children_follow_what_they_belong_to_in_order_of_time()
    {
        var tree = TraceTree.Of([Span(3, 1, 20, 5), Span(1, 0, 0, 100), Span(4, 3, 21, 1), Span(2, 1, 10, 5)]);
        tree.Spans.Select(placed => (placed.Span.Span, placed.Depth))
            .ShouldBe([(1UL, 0), (2UL, 1), (3UL, 1), (4UL, 2)]);
        tree.Spans.ShouldAllBe(placed => !placed.IsClamped && !placed.IsOrphan);
    }

    [Fact]
    public void Clock_that_is_behind_is_clamped_and_marked()
    {
        var tree = TraceTree.Of([Span(1, 0, 100, 50), Span(2, 1, 90, 20), Span(3, 2, 80, 5)]);
        tree.Spans[1].Span.StartedAt.ShouldBe(Noon.AddMilliseconds(100));
        tree.Spans[1].Span.Duration.ShouldBe(TimeSpan.FromMilliseconds(10));
        tree.Spans[2].Span.Duration.ShouldBe(TimeSpan.Zero);
        tree.Spans.Count(placed => placed.IsClamped).ShouldBe(2);
    }

    [Fact]
    public void Parent_that_is_not_here_makes_an_orphan_and_a_circle_ends()
    {
        var tree = TraceTree.Of([Span(1, 9, 0, 1), Span(2, 3, 1, 1), Span(3, 2, 2, 1), Span(4, 4, 3, 1)]);
        tree.Spans.Count.ShouldBe(4);
        tree.Spans.Single(placed => placed.Span.Span == 1).IsOrphan.ShouldBeTrue();
    }

    [Fact]
    public void Of_two_with_one_id_the_one_that_ended_counts() =>
        TraceTree.Of([Span(1, 0, 0, 0) with { IsOpen = true }, Span(1, 0, 0, 7)])
            .Spans.ShouldHaveSingleItem().Span.Duration.TotalMilliseconds.ShouldBe(7);

    [Fact]
    public void Phases_of_a_call_fill_it_without_gaps()
    {
        var call = new InvocationRecord
        {
            RequestId = "r",
            Function = new FunctionId(AccountId.Root, "f"),
            Version = "1",
            EnvironmentId = "e",
            StartedAt = Noon,
            Duration = TimeSpan.FromMilliseconds(40),
            InitDuration = TimeSpan.FromMilliseconds(30),
            Phases = new CallPhases(
                Milliseconds(5), Milliseconds(1), Milliseconds(10), Milliseconds(12), Milliseconds(8)),
            Outcome = OutcomeKind.Success,
            MemoryMegabytes = 128,
            MaxMemoryUsedMegabytes = 10,
            Source = "invoke",
            Trace = new CallTrace(new TraceContext(Trace, 7, true), 8),
        };
        var span = CallSpans.Of(call);
        span.StartedAt.ShouldBe(Noon.AddMilliseconds(-36));
        span.Duration.ShouldBe(TimeSpan.FromMilliseconds(76));
        var phases = CallSpans.PhasesOf(call).ToList();
        phases.Select(phase => phase.Name).ShouldBe(["queue", "place", "fetch", "start", "init", "handler"]);
        phases[0].StartedAt.ShouldBe(span.StartedAt);
        for (var index = 1; index < phases.Count; index++)
        {
            phases[index].StartedAt.ShouldBe(phases[index - 1].EndedAt);
        }

        phases[^1].EndedAt.ShouldBe(span.EndedAt);
        phases.ShouldAllBe(phase => phase.Parent.Span == 8);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private static TraceSpan Span(ulong id, ulong parent, int start, int length) => new()
    {
        Owner = new FunctionId(AccountId.Root, "f"),
        Parent = new TraceContext(Trace, parent, true),
        Span = id,
        Name = $"s{id}",
        StartedAt = Noon.AddMilliseconds(start),
        Duration = Milliseconds(length),
    };
}
