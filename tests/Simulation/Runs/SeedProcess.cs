using System.Diagnostics;
using System.Globalization;
using Lambent.Simulation.Bugs;

namespace Lambent.Simulation.Runs;

/// <summary>A runner of seeds as a process of its own: one for each processor works at the same time.</summary>
internal static class SeedProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs seeds split over the processors.</summary>
    /// <returns>What the runners wrote, line by line, those of one seed together.</returns>
    public static async Task<IReadOnlyList<string>> RunSplitAsync(int count, PlantedBug bug, bool stopsAtFirst)
    {
        var runners = Math.Clamp(Environment.ProcessorCount, 1, 16);
        var share = (count + runners - 1) / runners;
        var parts = await Task.WhenAll(Enumerable.Range(0, runners)
            .Select(runner => RunAsync(
                runner * share, Math.Min(share, count - (runner * share)), bug, stopsAtFirst)));
        return [.. parts.SelectMany(lines => lines)];
    }

    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="bug">What is planted.</param>
    /// <param name="stopsAtFirst">Whether one that breaks a rule is enough.</param>
    /// <param name="story">Only seeds that tell this one; null: all.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(
        int from, int count, PlantedBug bug, bool stopsAtFirst, string? story = null)
    {
        if (count <= 0)
        {
            return [];
        }

        string[] arguments =
        [
            SeedCommand.Verb,
            "--from", from.ToString(CultureInfo.InvariantCulture),
            "--count", count.ToString(CultureInfo.InvariantCulture),
            "--bug", bug.ToString(),
            .. story is null ? Array.Empty<string>() : ["--story", story],
            .. stopsAtFirst ? ["--stop-at-first"] : Array.Empty<string>(),
        ];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return process.ExitCode is 0 or SeedCommand.BrokenExitCode
                ? lines
                : [.. lines, $"broken: the runner ended with {process.ExitCode}: {await errors}"];
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return [$"broken: no end of the seeds from {from} within {Limit}"];
        }
    }
}
