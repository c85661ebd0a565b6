using System.Globalization;
using Lambent.Load.Measures;
using Lambent.Load.Reports;
using Lambent.Load.Scaling;

namespace Lambent.Load.Scenarios;

/// <summary>
/// The scale controller against target-based scaling as Azure publishes it and against a threshold of processor use,
/// on the same simulated nodes. Nothing is started or timed; the rounds are seeds.
/// </summary>
internal sealed class ScaleScenario() : Scenario(
    "scale", "Scale controller against target-based and processor-threshold scaling, simulated")
{
    public override Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        List<Measurement> measurements = [];
        foreach (var contest in ScaleContest.All(context.Quick))
        {
            List<ScaleOutcome[]> rounds = [];
            for (var round = 1; round <= context.Rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                context.Progress($"{contest.Label}, round {round} of {context.Rounds}");
                rounds.Add(contest.Run(round));
            }

            measurements.AddRange(Compare(contest, rounds));
            Plot(context, contest, rounds[0]);
        }

        return Task.FromResult<IReadOnlyList<Measurement>>(measurements);
    }

    private static IEnumerable<Measurement> Compare(ScaleContest contest, IReadOnlyList<ScaleOutcome[]> rounds)
    {
        for (var peer = 1; peer < contest.Policies.Count; peer++)
        {
            yield return Against("wait p50", "ms", outcome => 1e3 * outcome.WaitMedianSeconds, peer, null);
            yield return Against("wait p99", "ms", outcome => 1e3 * outcome.WaitTailSeconds, peer, Targets.ScaleWait);
            yield return Against("late", "messages", outcome => outcome.Late, peer, Targets.ScaleLate);
            yield return Against("environments", "s", outcome => outcome.EnvironmentSeconds, peer, null);
        }

        yield return Alone("turns", "", outcome => outcome.DirectionChanges, null);
        if (contest.Load.Steps.Count > 0)
        {
            yield return Alone(
                "settled after",
                "s",
                outcome => ScaleSettling.Seconds(outcome.Wanted, contest.Load, contest.Cluster),
                Targets.ScaleSettled);
        }

        Measurement Against(string what, string unit, Func<ScaleOutcome, double> figure, int peer, Target? target)
        {
            var measurement = Measurement.Against(
                $"{contest.Label}: {what}",
                unit,
                [.. rounds.Select(outcomes => figure(outcomes[0]))],
                contest.Policies[peer].Name,
                [.. rounds.Select(outcomes => figure(outcomes[peer]))],
                target);

            // Of nothing there is no ratio, and nobody does better than nothing.
            return double.IsFinite(measurement.Ratio ?? 0) ? measurement
                : measurement with { Ratio = null, Target = null };
        }

        Measurement Alone(string what, string unit, Func<ScaleOutcome, double> figure, Target? target) =>
            Measurement.Alone(
                $"{contest.Label}: {what}",
                unit,
                [.. rounds.Select(outcomes => figure(outcomes[0]))],
                target,
                "others: " + string.Join(", ", contest.Policies.Skip(1).Select((policy, index) =>
                    Text(rounds.Select(outcomes => figure(outcomes[index + 1]))) + " " + policy.Name)));
    }

    private static string Text(IEnumerable<double> figures) =>
        Samples.Median([.. figures]).ToString("0.#", CultureInfo.InvariantCulture);

    private static void Plot(ScenarioContext context, ScaleContest contest, IReadOnlyList<ScaleOutcome> outcomes)
    {
        if (context.PlotFolder is not { } folder || contest.Cluster.Nodes > 1)
        {
            return;
        }

        var plot = new StepPlot(
            $"{contest.Label}: environments wanted",
            contest.Load.EndSeconds,
            [.. contest.Policies.Zip(outcomes, (policy, outcome) => new PlotLine(policy.Name, outcome.Wanted))]);
        var name = $"scaling-{contest.Load.Name.Replace(' ', '-')}.svg";
        File.WriteAllText(Path.Combine(folder, name), plot.ToSvg());
    }
}
