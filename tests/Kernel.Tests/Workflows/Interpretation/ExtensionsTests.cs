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

    [Theory]
    [MemberData(nameof(All))]
    public void Extension_that_is_cut_off_after_any_event_comes_to_the_same_end(string name)
    {
        CrashCheck.Everywhere(MachineCase.Read(name, Folder).Machine).ShouldBeNull();
    }
}
