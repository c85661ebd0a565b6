using Lambent.Kernel.Values;
using Lambent.Load.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Interpretation;

/// <summary>The machines, which together use every state and field.</summary>
public sealed class MachinesTests
{
    public static TheoryData<string> All => [.. MachineCase.Names()];

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_run_to_its_end_gives_what_is_expected(string name)
    {
        var machine = MachineCase.Read(name);

        var run = new MachineRun(machine.Machine).ToEnd();

        run.Outcome.ShouldBe(Expected(machine), string.Join("\n", run.History));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_run_to_its_end_has_the_history_of_AWS(string name)
    {
        var machine = MachineCase.Read(name);

        var run = new MachineRun(machine.Machine).ToEnd();

        run.History.ToList().ShouldBe(machine.History);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Machine_that_is_cut_off_after_any_event_comes_to_the_same_end(string name)
    {
        var machine = MachineCase.Read(name);

        CrashCheck.Everywhere(machine.Machine).ShouldBeNull();
    }

    internal static string Expected(MachineCase machine)
    {
        var expected = machine.Expected;
        return $"{(expected["status"] as DataText)?.Value} {expected["output"]} "
            + (expected["error"] as DataText)?.Value;
    }
}
