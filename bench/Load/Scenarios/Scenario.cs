using Lambent.Load.Measures;

namespace Lambent.Load.Scenarios;

/// <summary>One thing to measure. A new one is a new file here and a line in <see cref="ScenarioTable"/>.</summary>
internal abstract class Scenario(string name, string summary)
{
    public string Name { get; } = name;

    /// <summary>One line for the list.</summary>
    public string Summary { get; } = summary;

    /// <summary>Starts what it needs, measures, and ends what it started.</summary>
    /// <exception cref="BenchFailureException">Something needed is missing, or an answer was wrong.</exception>
    public abstract Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation);
}
