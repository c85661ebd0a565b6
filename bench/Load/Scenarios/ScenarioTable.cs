namespace Lambent.Load.Scenarios;

/// <summary>The table of scenarios, in the order in which they run.</summary>
internal static class ScenarioTable
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new StartScenario(),
        new WarmScenario(),
        new ColdScenario(),
        new BurstScenario(),
        new AsyncScenario(),
        new QueueScenario(),
        new DestinationScenario(),
        new MappingScenario(),
        new WorkflowScenario(),
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

    /// <summary>Planned ones, refused by name with what they wait for.</summary>
    public static IReadOnlyDictionary<string, string> NotAvailable { get; } = new Dictionary<string, string>
    {
        ["timers"] = "waiting workflows are not part of this version (T15)",
    };

    /// <summary>The scenarios of these names; all of them for none.</summary>
    /// <exception cref="BenchFailureException">A name is unknown or not available.</exception>
    public static IReadOnlyList<Scenario> Choose(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (NotAvailable.TryGetValue(name, out var reason))
            {
                throw new BenchFailureException($"The scenario {name} is not available yet: {reason}.");
            }

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
