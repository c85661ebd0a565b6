using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Views;
using Lambent.Load.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Interpretation;

/// <summary>Machines that use what only this server has.</summary>
public sealed class ExtensionsTests
{
    private const string Folder = "Extensions";

    public static TheoryData<string> All => [.. MachineCase.Names(Folder)];

    [Theory]
    [MemberData(nameof(All))]
    public void Extension_run_to_its_end_gives_what_is_expected(string name)
    {
        var machine = MachineCase.Read(name, Folder);

        var run = new MachineRun(machine.Machine).ToEnd();

        run.Outcome.ShouldBe(MachinesTests.Expected(machine), string.Join("\n", run.History));
        run.History.ToList().ShouldBe(machine.History);
    }

    [Fact]
    public void Child_that_is_stopped_stays_stopped_wherever_the_journal_ends()
    {
        var whole = StopSecond(null);
        var expected = Outcome(whole);
        expected.ShouldBe("Failed States.ExceedToleratedFailureThreshold");
        for (var cut = 1; cut < whole.Count; cut++)
        {
            var again = StopSecond(whole[..cut]);

            Outcome(again).ShouldBe(expected, $"cut after {cut}, {whole[cut - 1].Type}");
            var children = ChildReader.Read(Identity, Waits, again);
            children.Select(child => child.Status).ShouldBe(
                [ExecutionStatus.Aborted, ExecutionStatus.Aborted, ExecutionStatus.Aborted], $"cut after {cut}");
            children[1].Error.ShouldBe("Enough");
        }
    }

    [Fact]
    public void Event_that_is_sent_again_and_again_fills_the_room_and_no_more()
    {
        var interpreter = new Interpreter(new Execution(Identity, Waits));
        interpreter.Start(DataArray.Empty, DateTimeOffset.UnixEpoch);
        for (var count = 0; count < Limits.WorkflowEventsWaitingMax; count++)
        {
            interpreter.Receive("e", count, $"{count}", DateTimeOffset.UnixEpoch).ShouldBe(EventReceipt.Received);
        }

        interpreter.Receive("e", 1, "0", DateTimeOffset.UnixEpoch).ShouldBe(EventReceipt.Duplicate);
        interpreter.Receive("e", 1, null, DateTimeOffset.UnixEpoch).ShouldBe(EventReceipt.Full);
        interpreter.Stop(null, null, DateTimeOffset.UnixEpoch);
        interpreter.Receive("e", 1, null, DateTimeOffset.UnixEpoch).ShouldBe(EventReceipt.Over);
    }

    private static ExecutionIdentity Identity { get; } = new(
        new ExecutionId(AccountId.Root, "m", "e"), "arn", "machine", "role", 7);

    private static StateMachineDefinition Waits { get; } = DefinitionReader.Read(
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}}}}
        """,
        new DefinitionOptions(IsExpress: false)).Definition!;

    /// <summary>Begins three iterations, or goes on with a journal, and stops the second.</summary>
    private static List<JournalEvent> StopSecond(IReadOnlyList<JournalEvent>? journal)
    {
        var interpreter = new Interpreter(Execution.Rebuild(Identity, Waits, journal ?? []));
        if (journal is null)
        {
            interpreter.Start(new DataArray([1, 2, 3]), DateTimeOffset.UnixEpoch);
        }

        interpreter.Advance(DateTimeOffset.UnixEpoch);

        // Branches are numbered as they begin; the execution itself is 0.
        interpreter.StopChild(2, "Enough", "of it", DateTimeOffset.UnixEpoch);
        interpreter.Advance(DateTimeOffset.UnixEpoch);
        interpreter.StopChild(2, "Again", null, DateTimeOffset.UnixEpoch).ShouldBeFalse();
        return [.. journal ?? [], .. interpreter.TakeEvents()];
    }

    private static string Outcome(IReadOnlyList<JournalEvent> journal)
    {
        var execution = Execution.Rebuild(Identity, Waits, journal);
        return $"{execution.Status} {execution.Error}";
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Extension_that_is_cut_off_after_any_event_comes_to_the_same_end(string name)
    {
        CrashCheck.Everywhere(MachineCase.Read(name, Folder).Machine).ShouldBeNull();
    }
}
