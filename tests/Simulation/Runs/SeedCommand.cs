using System.Globalization;
using System.Reflection;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Scheduling;

namespace Lambent.Simulation.Runs;

/// <summary>
/// Runs seeds and writes a line for each: <c>ok SEED HASH STEPS SECONDS STORY</c> or <c>broken SEED HASH RULE</c>, the
/// latter followed by what happened last and how to run that seed again.
/// </summary>
/// <remarks>
/// <code>
/// seeds --from N --count N [--story NAME] [--bug NAME] [--stop-at-first]
/// LAMBENT_SEED=N            one seed, with its whole event log
/// </code>
/// </remarks>
internal sealed class SeedCommand(TextWriter output)
{
    public const string Verb = "seeds";
    public const string SeedVariable = "LAMBENT_SEED";
    public const int BrokenExitCode = 1;

    public static bool IsMeant(string[] arguments) =>
        arguments is [Verb, ..] || Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 };

    /// <summary>The commit this program was built from.</summary>
    public static string Commit { get; } =
        typeof(SeedCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[^1] is { Length: >= 12 } commit
            ? commit[..12]
            : "unknown";

    /// <returns>The exit code.</returns>
    public int Run(string[] arguments)
    {
        Pump.LimitThreads();
        var bug = Enum.Parse<PlantedBug>(Option(arguments, "--bug") ?? nameof(PlantedBug.None));
        if (Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } one)
        {
            return Report(SeedRun.Run(int.Parse(one, CultureInfo.InvariantCulture), bug, output), isShown: true)
                ? 0
                : BrokenExitCode;
        }

        var (from, count) = (Number(arguments, "--from", 0), Number(arguments, "--count", 1));
        var story = Option(arguments, "--story");
        var broken = 0;
        for (var seed = from; seed < from + count; seed++)
        {
            if (story is not null && story != SeedRun.StoryOf(seed))
            {
                continue;
            }

            var run = SeedRun.Run(seed, bug, live: null);
            broken += Report(run) ? 0 : 1;
            if (broken > 0 && arguments.Contains("--stop-at-first"))
            {
                break;
            }
        }

        return broken == 0 ? 0 : BrokenExitCode;
    }

    private bool Report(SeedRun run, bool isShown = false)
    {
        if (run.Violation is null)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ok {run.Seed} {run.Hash} {run.Steps} {run.Simulated.TotalSeconds:0} {run.Story}"));
            return true;
        }

        output.WriteLine($"broken {run.Seed} {run.Hash} {run.Violation.ReplaceLineEndings(" | ")}");
        foreach (var line in isShown ? [] : run.Lines)
        {
            output.WriteLine($"  {line.ReplaceLineEndings(" | ")}");
        }

        output.WriteLine($"  seed {run.Seed} commit {Commit} ({run.Story})");
        output.WriteLine($"  again: {SeedVariable}={run.Seed} dotnet run --project tests/Simulation");
        return false;
    }

    private static int Number(string[] arguments, string name, int otherwise) =>
        Option(arguments, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Option(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is var index and >= 0 && index + 1 < arguments.Length
            ? arguments[index + 1]
            : null;
}
