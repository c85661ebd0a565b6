using Lambent.Kernel.Tests.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Views;
using Lambent.Load.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Views;

public sealed class TimelineTests
{
    private const string Retried = """
        {"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
                  "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 4, "MaxAttempts": 1}],
                  "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Undo"}], "Next": "Done"},
            "Undo": {"Type": "Pass", "Next": "Done"},
            "Done": {"Type": "Succeed"}}}
        """;

    private const string Side = """
        {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "Slow", "States": {"Slow": {"Type": "Wait", "Seconds": 60, "End": true}}},
            {"StartAt": "Bad", "States": {"Bad": {"Type": "Fail", "Error": "Wrong", "Cause": "so it is"}}}]}}}
        """;

    public static TheoryData<string> All => [.. MachineCase.Names()];

    [Theory]
    [MemberData(nameof(All))]
    public void Timeline_of_any_machine_has_one_row_for_each_entered_state(string name)
    {
        var machine = MachineCase.Read(name).Machine;
        var run = new MachineRun(machine).ToEnd();

        var timeline = TimelineReader.Read(machine.Definition, run.Journal);

        timeline.Rows.Select(row => row.State).ShouldBe(
            run.Journal.Where(happened => happened.Type.IsEntered()).Select(happened => happened.Name));
        timeline.StoppedAt.ShouldBe(run.Execution.StoppedAt);
        foreach (var row in timeline.Rows)
        {
            row.ExitedAt.ShouldNotBeNull(row.State);
            row.ExitedAt.Value.ShouldBeGreaterThanOrEqualTo(row.EnteredAt);
            row.Status.ShouldNotBeOneOf(RowStatus.Running, RowStatus.Waiting, RowStatus.Retrying);
            row.Attempts.ShouldAllBe(attempt => attempt.EndedAt != null && attempt.Outcome != AttemptOutcome.Running);
            var entered = run.Journal.Single(happened => happened.Sequence == row.EnteredBy);
            (entered.Type.IsEntered(), entered.Name).ShouldBe((true, row.State));
            run.Journal.Single(happened => happened.Sequence == row.ExitedBy).At.ShouldBe(row.ExitedAt.Value);
            (row.Parent is null).ShouldBe(row.Depth == 0);
            if (row.Parent is { } parent)
            {
                parent.ShouldBeLessThan(row.Number);
                timeline.Rows[parent].Depth.ShouldBe(row.Depth - 1);
                timeline.Rows[parent].Type.ShouldBeOneOf("Parallel", "Map");
                timeline.Rows[parent].EnteredAt.ShouldBeLessThanOrEqualTo(row.EnteredAt);
            }
        }

        if (run.Execution.Status == ExecutionStatus.Failed)
        {
            timeline.Rows.ShouldContain(row => row.Status == RowStatus.Failed);
        }
    }

    /// <summary>The journal of an execution that goes on may end anywhere.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Timeline_and_graph_agree_after_any_event(string name)
    {
        var machine = MachineCase.Read(name).Machine;
        var journal = new MachineRun(machine).ToEnd().Journal;
        var step = Math.Max(1, journal.Count / 100);
        for (var count = 1; count <= journal.Count; count += step)
        {
            var timeline = TimelineReader.Read(machine.Definition, journal.Take(count));
            var graph = GraphViewer.View(machine.Definition, timeline);

            Nodes(graph).Sum(node => node.Entered).ShouldBe(timeline.Rows.Count);
            Nodes(graph).Sum(node => node.Open).ShouldBe(timeline.Rows.Count(row => row.ExitedAt is null));
            Nodes(graph).ShouldAllBe(node =>
                node.Entered == node.Open + node.Succeeded + node.Caught + node.Failed + node.Aborted + node.Skipped);
            Nodes(graph).Select(node => node.Name).Distinct().Count().ShouldBe(Nodes(graph).Count());
        }
    }

    [Fact]
    public void Task_that_is_tried_again_and_caught_shows_its_attempts()
    {
        var (timeline, graph) = Run(Retried, "A", """[{"error": "Busy", "afterSeconds": 2}, {"error": "Gone"}]""");

        var row = timeline.Rows[0];
        row.Status.ShouldBe(RowStatus.Caught);
        row.Next.ShouldBe("Undo");
        row.Error.ShouldBe("Gone");
        row.Attempts.Count.ShouldBe(2);
        row.Attempts[0].Error.ShouldBe("Busy");
        (row.Attempts[0].EndedAt - row.Attempts[0].ScheduledAt).ShouldBe(TimeSpan.FromSeconds(2));
        (row.Attempts[0].RetryAt - row.Attempts[0].EndedAt).ShouldBe(TimeSpan.FromSeconds(4));
        row.Attempts[1].ScheduledAt.ShouldBe(row.Attempts[0].RetryAt!.Value);
        row.Attempts[1].Outcome.ShouldBe(AttemptOutcome.Failed);
        var node = graph.Nodes.Single(known => known.Name == "A");
        (node.Retries, node.Caught, node.Status).ShouldBe((1, 1, RowStatus.Caught));
        graph.Edges.Single(edge => edge is { From: "A", Kind: EdgeKind.Catch }).Taken.ShouldBe(1);
        graph.Edges.Single(edge => edge is { From: "A", Kind: EdgeKind.Next }).Taken.ShouldBe(0);
    }

    [Fact]
    public void Branch_that_fails_gives_up_the_other_one()
    {
        var (timeline, graph) = Run(Side, null, null);

        timeline.Rows.Select(row => (row.State, row.Status, row.Depth, row.Index)).ShouldBe(
        [
            ("Both", RowStatus.Failed, 0, null), ("Slow", RowStatus.Aborted, 1, 0), ("Bad", RowStatus.Failed, 1, 1),
        ]);
        timeline.Rows[2].Error.ShouldBe("Wrong");
        graph.Nodes[0].Graphs.Count.ShouldBe(2);
    }

    private static (Timeline Timeline, GraphView Graph) Run(string definition, string? task, string? answers)
    {
        var read = DefinitionReader.Read(definition, new DefinitionOptions(false)).Definition!;
        Dictionary<string, IReadOnlyList<Kernel.Values.DataValue>> tasks = [];
        if (task is not null)
        {
            tasks[task] = ((Kernel.Values.DataArray)Kernel.Values.DataReader.Read(answers!).Value!).Items;
        }

        var run = new MachineRun(new ScriptedMachine("m", read, 1, tasks)).ToEnd();
        var timeline = TimelineReader.Read(read, run.Journal);
        return (timeline, GraphViewer.View(read, timeline));
    }

    private static IEnumerable<GraphNode> Nodes(GraphView graph) =>
        graph.Nodes.SelectMany(node => node.Graphs.SelectMany(Nodes).Prepend(node));
}
