namespace Lambent.Load.Scenarios;

/// <summary>The table of scenarios, in the order in which they run.</summary>
internal static class ScenarioTable
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new StartScenario(),
        new WarmScenario(),
        new TelemetryScenario(),
        new ColdScenario(),
        new BurstScenario(),
        new AsyncScenario(),
        new QueueScenario(),
        new DestinationScenario(),
        new MappingScenario(),
        new WorkflowScenario(),
        new TimersScenario(),
        new CrashesScenario(),
        new DensityScenario(),
        new KeepAliveScenario(),
        new ScaleScenario(),
        new ProcessorScenario(),
        new PackingScenario(),
        new CyclesScenario(),
        new DrainScenario(),
        new KillsScenario(),
        new SimulateScenario(),
    ];

    /// <summary>The scenarios of these names; all of them for none.</summary>
    /// <exception cref="BenchFailureException">A name is unknown.</exception>
    public static IReadOnlyList<Scenario> Choose(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (All.All(scenario => scenario.Name != name))
            {
                throw new BenchFailureException(
                    $"There is no scenario {name}.",
                    $"The scenarios are {string.Join(", ", All.Select(scenario => scenario.Name))}");
            }
        }

        return names.Count == 0 ? All : [.. All.Where(scenario => names.Contains(scenario.Name))];
    }
}
