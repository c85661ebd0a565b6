using Lambent.Load.Measures;

namespace Lambent.Load.Reports;

/// <summary>What came of a scenario: measurements, or why there are none.</summary>
internal sealed record ScenarioResult(
    string Name, DateTimeOffset FinishedAt, bool Quick, IReadOnlyList<Measurement> Measurements)
{
    public string? Failure { get; init; }
}
