using Lambent.Load.Measures;
using Lambent.Load.Workflows;

namespace Lambent.Load.Scenarios;

/// <summary>
/// State machines made by chance, cut off twice after an event chosen by chance: each must come to the end of the run
/// that was not cut off (20,000, or as many as --seeds says).
/// </summary>
internal sealed class CrashesScenario() : Scenario(
    "crashes", "Generated state machines, cut off at events of their journals (reliability)")
{
    /// <summary>Those before are run by the tests.</summary>
    private const int FirstSeed = 1_000;
    private const int SeedsDefault = 20_000;
    private const int SeedsQuick = 500;
    private const int ProgressEvery = 1_000;

    public override Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var seeds = context.Seeds ?? (context.Quick ? SeedsQuick : SeedsDefault);
        var done = 0;
        Parallel.For(
            FirstSeed,
            FirstSeed + seeds,
            new ParallelOptions { CancellationToken = cancellation },
            seed =>
            {
                if (CrashCheck.Twice(GeneratedMachine.Of(seed), new Random(seed)) is { } wrong)
                {
                    throw new BenchFailureException(wrong);
                }

                if (Interlocked.Increment(ref done) % ProgressEvery == 0)
                {
                    context.Progress($"{done} of {seeds} machines");
                }
            });
        IReadOnlyList<Measurement> measurements =
            [Measurement.Alone("generated machines cut off twice that came to the same end", "machines", [done])];
        return Task.FromResult(measurements);
    }
}
