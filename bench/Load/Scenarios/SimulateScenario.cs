using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Lambent.Load.Measures;
using Lambent.Load.Servers;

namespace Lambent.Load.Scenarios;

/// <summary>
/// Seeds of the simulator beyond those of a test run: one runner a processor, each a process of its own. Seeds begin
/// after those that every test run has.
/// </summary>
internal sealed class SimulateScenario() : Scenario(
    "simulate", "Seeds of the deterministic simulator, as many as --seeds says (reliability)")
{
    private const int SeedsOfTestRun = 2_000;
    private const int SeedsDefault = 20_000;
    private const int SeedsQuick = 500;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    public override async Task<IReadOnlyList<Measurement>> RunAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var program = FindRunner();
        var seeds = context.Seeds ?? (context.Quick ? SeedsQuick : SeedsDefault);
        var count = new SeedCount(seeds, context.Progress);
        var started = Stopwatch.GetTimestamp();
        var runners = Environment.ProcessorCount;
        var share = (seeds + runners - 1) / runners;
        await Task.WhenAll(Enumerable.Range(0, runners).Select(runner => RunAsync(
            program,
            SeedsOfTestRun + (runner * share),
            Math.Min(share, seeds - (runner * share)),
            count,
            cancellation)));
        if (count.FirstBroken is { } broken)
        {
            throw new BenchFailureException(
                $"{count.Broken} of {seeds} seeds broke a rule; the first: {broken}",
                "LAMBENT_SEED=SEED dotnet run --project tests/Simulation shows all that happened");
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return
        [
            Measurement.Alone("seeds without a broken rule", "seeds", [count.Done]),
            Measurement.Alone("rate", "seeds/s", [count.Done / seconds]),
            Measurement.Alone("simulated against real time", "times", [count.SimulatedSeconds / seconds]),
        ];
    }

    private static async Task RunAsync(
        string program, int from, int seeds, SeedCount count, CancellationToken cancellation)
    {
        if (seeds <= 0)
        {
            return;
        }

        string[] arguments = ["seeds", "--from", $"{from}", "--count", $"{seeds}"];
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                count.Take(line);
            }

            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string FindRunner()
    {
        var name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "Lambent.Simulation.exe" : "Lambent.Simulation";
        var folder = Path.Combine(LambentProgram.RepositoryFolder() ?? "", "tests", "Simulation", "bin");
        return new[] { "Release", "Debug" }
            .Select(configuration => Path.Combine(folder, configuration, "net10.0", name))
            .FirstOrDefault(File.Exists)
            ?? throw new BenchFailureException(
                "The simulator is not built.", "dotnet build tests/Simulation -c Release");
    }

    /// <summary>What the runners said so far; they speak at the same time.</summary>
    private sealed class SeedCount(int seeds, Action<string> progress)
    {
        private readonly Lock gate = new();
        private long toldAt = Stopwatch.GetTimestamp();

        public int Done { get; private set; }

        public int Broken { get; private set; }

        public double SimulatedSeconds { get; private set; }

        public string? FirstBroken { get; private set; }

        /// <summary>A line of a runner: ok SEED HASH STEPS SECONDS STORY, or broken SEED HASH RULE and its details.</summary>
        public void Take(string line)
        {
            lock (gate)
            {
                if (line.Split(' ') is ["ok", _, _, _, var simulated, ..])
                {
                    Done++;
                    SimulatedSeconds += double.Parse(simulated, CultureInfo.InvariantCulture);
                }
                else if (line.StartsWith("broken ", StringComparison.Ordinal))
                {
                    Broken++;
                    FirstBroken ??= line;
                    progress(line);
                }

                if (Stopwatch.GetElapsedTime(toldAt) > ProgressEvery)
                {
                    toldAt = Stopwatch.GetTimestamp();
                    progress($"{Done + Broken:N0} of {seeds:N0} seeds, {Broken} broken");
                }
            }
        }
    }
}
