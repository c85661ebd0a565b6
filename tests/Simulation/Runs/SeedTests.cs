using System.Globalization;
using Lambent.Simulation.Bugs;
using Shouldly;
using Xunit;

namespace Lambent.Simulation.Runs;

/// <summary>The seeds of a normal test run. LAMBENT_SEEDS sets another number of them.</summary>
public sealed class SeedTests
{
    private const int SeedsDefault = 2_000;
    private const int SeedsRunTwice = 60;

    [Fact]
    public async Task Seeds_of_a_test_run_break_no_rule()
    {
        var seeds = Environment.GetEnvironmentVariable("LAMBENT_SEEDS") is { Length: > 0 } wanted
            ? int.Parse(wanted, CultureInfo.InvariantCulture)
            : SeedsDefault;

        var lines = await SeedProcess.RunSplitAsync(seeds, PlantedBug.None, stopsAtFirst: false);

        string.Join('\n', lines.Where(line => !IsOk(line)).Take(150)).ShouldBeEmpty();
        lines.Count(IsOk).ShouldBe(seeds);
    }

    [Fact]
    public async Task A_seed_that_runs_twice_gives_the_same_events()
    {
        var runs = await Task.WhenAll(
            SeedProcess.RunAsync(0, SeedsRunTwice, PlantedBug.None, stopsAtFirst: false),
            SeedProcess.RunAsync(0, SeedsRunTwice, PlantedBug.None, stopsAtFirst: false));

        runs[1].ShouldBe(runs[0]);
    }

    [Theory]
    [MemberData(nameof(PlantedBugs))]
    public async Task A_planted_bug_is_caught(string bug)
    {
        var planted = Enum.Parse<PlantedBug>(bug);

        var lines = await SeedProcess.RunAsync(
            0, SeedsDefault, planted, stopsAtFirst: true, Bugs.PlantedBugs.StoryOf(planted));

        lines.ShouldContain(line => line.StartsWith("broken ", StringComparison.Ordinal));
    }

    public static TheoryData<string> PlantedBugs() =>
        [.. Enum.GetNames<PlantedBug>().Where(name => name != nameof(PlantedBug.None))];

    private static bool IsOk(string line) => line.StartsWith("ok ", StringComparison.Ordinal);
}
