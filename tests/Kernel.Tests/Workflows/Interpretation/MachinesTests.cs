using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Interpretation;

/// <summary>The forty machines, which together use every state and field.</summary>
public sealed class MachinesTests
{
    public static TheoryData<string> All => [.. MachineCase.Names()];

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_run_to_its_end_gives_what_is_expected(string name)
    {
        var machine = MachineCase.Read(name);

        var run = new MachineRun(machine).ToEnd();

        Outcome(run).ShouldBe(Expected(machine), string.Join("\n", run.History));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_run_to_its_end_has_the_history_of_AWS(string name)
    {
        var machine = MachineCase.Read(name);

        var run = new MachineRun(machine).ToEnd();

        string.Join("\n", run.History).ShouldBe(string.Join("\n", machine.History));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_that_is_cut_off_after_any_event_comes_to_the_same_end(string name)
    {
        var machine = MachineCase.Read(name);
        var whole = new MachineRun(machine).ToEnd();

        for (var cut = 1; cut < whole.Journal.Count; cut++)
        {
            var again = new MachineRun(machine, whole.Journal[..cut]).ToEnd();

            Outcome(again).ShouldBe(Outcome(whole), $"cut after {cut}: {whole.Journal[cut - 1].Type}");
            again.Journal[..cut].ShouldBe(whole.Journal[..cut]);
            again.History.Order().ShouldBe(whole.History.Order(), $"cut after {cut}: {whole.Journal[cut - 1].Type}");
        }
    }

    private static string Outcome(MachineRun run)
    {
        var execution = run.Execution;
        return $"{Status(execution.Status)} {execution.Output} {execution.Error}";
    }

    private static string Expected(MachineCase machine)
    {
        var expected = machine.Expected;
        return $"{(expected["status"] as DataText)?.Value} {expected["output"]} {(expected["error"] as DataText)?.Value}";
    }

    private static string Status(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        _ => status.ToString().ToUpperInvariant(),
    };
}
