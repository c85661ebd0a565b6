using Lambent.Load.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Interpretation;

public sealed class GeneratedMachinesTests
{
    /// <summary>One percent of what the bench runs.</summary>
    private const int Seeds = 200;

    [Fact]
    public void Generated_machine_that_is_cut_off_twice_comes_to_the_same_end()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            CrashCheck.Twice(GeneratedMachine.Of(seed), new Random(seed)).ShouldBeNull();
        }
    }

    [Fact]
    public void Generated_machine_run_twice_decides_the_same()
    {
        for (var seed = 1; seed <= Seeds / 4; seed++)
        {
            var once = new MachineRun(GeneratedMachine.Of(seed)).ToEnd();
            var twice = new MachineRun(GeneratedMachine.Of(seed)).ToEnd();

            twice.Journal.ShouldBe(once.Journal, $"seed {seed}");
        }
    }

    [Fact]
    public void Generated_machines_meet_every_type_of_event_that_they_can()
    {
        var met = Enumerable.Range(1, Seeds)
            .SelectMany(seed => new MachineRun(GeneratedMachine.Of(seed)).ToEnd().Journal)
            .Select(happened => happened.Type)
            .ToHashSet();

        met.Count.ShouldBeGreaterThan(40, string.Join(' ', met.Order()));
    }
}
