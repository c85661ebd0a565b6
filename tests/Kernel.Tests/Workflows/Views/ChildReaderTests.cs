using Lambent.Kernel.Tests.Workflows.Interpretation;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Views;
using Lambent.Load.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Views;

public sealed class ChildReaderTests
{
    [Fact]
    public void Iterations_of_generated_machines_are_counted_as_their_journal_says_wherever_it_ends()
    {
        var seen = 0;
        for (var seed = 1; seed <= 200; seed++)
        {
            var machine = GeneratedMachine.Of(seed);
            var run = new MachineRun(machine).ToEnd();
            for (var cut = 1; cut <= run.Journal.Count; cut += 1 + (run.Journal.Count / 20))
            {
                var children = Read(run, run.Journal[..cut]);
                children.Select(child => child.Number).ShouldBeInOrder();
                children.ShouldAllBe(child => (child.Status == ExecutionStatus.Running) == (child.StoppedAt == null));
                seen += children.Count;
            }

            // When the execution is over none of them runs.
            Read(run, run.Journal).ShouldAllBe(child => child.Status != ExecutionStatus.Running, $"seed {seed}");
        }

        seen.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Iterations_of_a_machine_that_was_cut_off_come_to_the_same_ends()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var machine = GeneratedMachine.Of(seed);
            var whole = new MachineRun(machine).ToEnd();
            if (machine.HasRaces || Read(whole, whole.Journal).Count == 0)
            {
                continue;
            }

            var again = new MachineRun(machine, whole.Journal[..(whole.Journal.Count / 2)]).ToEnd();

            Ends(again).ShouldBe(Ends(whole), ignoreOrder: true, $"seed {seed}");
        }
    }

    [Fact]
    public void History_of_an_iteration_is_that_of_an_execution()
    {
        var run = new MachineRun(MachineCase.Read("17-map-distributed-batches").Machine).ToEnd();
        var first = Read(run, run.Journal)[0];

        var history = ChildReader.Read(
            run.Execution.Identity, run.Execution.Definition, run.Journal, (first.Run, first.Index))[0].History;

        first.IsStandard.ShouldBeFalse();
        first.Label.ShouldBe("Batches");
        first.ItemCount.ShouldBe(2);
        history.Select(happened => happened.Type).ShouldBe(
        [
            JournalEventType.ExecutionStarted, JournalEventType.PassStateEntered, JournalEventType.PassStateExited,
            JournalEventType.ExecutionSucceeded,
        ]);
        history.Select(happened => (happened.Id, happened.Previous)).ShouldBe([(1, 0), (2, 0), (3, 2), (4, 3)]);
        history[0].Input.ShouldBe(first.Input);
        history[^1].Output.ShouldBe(first.Output);
    }

    private static IReadOnlyList<ChildExecution> Read(MachineRun run, IReadOnlyList<JournalEvent> journal) =>
        ChildReader.Read(run.Execution.Identity, run.Execution.Definition, journal);

    private static List<string> Ends(MachineRun run) =>
        [.. Read(run, run.Journal).Select(child =>
            $"{child.Label} {child.Status} {child.Input} {child.Output ?? DataNull.Value}")];
}
