using System.CommandLine;
using System.Globalization;
using Lambent.Load.Reports;
using Lambent.Load.Scenarios;
using Lambent.Load.Servers;

namespace Lambent.Load;

/// <summary>The command line of <c>lambent bench</c>.</summary>
internal sealed class BenchCommand(TextWriter output, TextWriter errors)
{
    private const int Usage = 2;
    private const int Failed = 1;

    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private readonly Argument<string[]> names = new("SCENARIO")
    {
        Description = "What to measure; default: everything. --list shows them",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> json = new("--json") { Description = "Machine-readable output: lambent.bench/1" };

    private readonly Option<bool> quick = new("--quick")
    {
        Description = "Three rounds of a second instead of five of three: for a look, not for the record",
    };

    private readonly Option<bool> save = new("--save") { Description = "Write the results to bench/RESULTS.md" };

    private readonly Option<bool> list = new("--list") { Description = "List the scenarios" };

    private readonly Option<int?> functions = Count(
        "--functions", "How many functions to deploy, for the scenarios that deploy many", 1_000_000);

    private readonly Option<int?> events = Count("--events", "How many events drain queues", 100_000_000);

    private readonly Option<int?> kills = Count("--kills", "How often kills ends the server", 1_000_000);

    private readonly Option<int?> seeds = Count("--seeds", "How many seeds the simulator runs", 100_000_000);

    private readonly Option<string?> program = new("--program")
    {
        Description = "The lambent program to measure; default: the one built in this clone",
        HelpName = "PATH",
    };

    private readonly Option<string?> plots = new("--plots")
    {
        Description = "Write drawings (SVG) of the simulated scenarios into this folder",
        HelpName = "DIR",
    };

    public async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Measure this machine: Lambent against peers and floors, in turns.")
        {
            names, json, quick, save, list, functions, events, kills, seeds, program, plots,
        };
        root.SetAction(ActAsync);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            parsed.Errors.ToList().ForEach(error => errors.WriteLine($"error: {error.Message}"));
            return Usage;
        }

        // A signal ends the run, and the run ends what it started before the program ends.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = CleanUpLimit });
    }

    private static Option<int?> Count(string name, string description, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } value && (value < 1 || value > most))
            {
                result.AddError(string.Create(
                    CultureInfo.InvariantCulture, $"{name} must be from 1 to {most:N0}."));
            }
        });
        return option;
    }

    private async Task<int> ActAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(list))
        {
            WriteList();
            return 0;
        }

        IReadOnlyList<Scenario> chosen;
        string path;
        try
        {
            chosen = ScenarioTable.Choose(parsed.GetValue(names) ?? []);
            path = LambentProgram.Find(parsed.GetValue(program));
        }
        catch (BenchFailureException failure)
        {
            Report(failure, parsed.GetValue(json));
            return Usage;
        }

        var work = Directory.CreateTempSubdirectory("lambent-bench-").FullName;
        try
        {
            return await MeasureAsync(parsed, chosen, path, work, cancellation);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<int> MeasureAsync(
        ParseResult parsed, IReadOnlyList<Scenario> chosen, string path, string work, CancellationToken cancellation)
    {
        var machine = await MachineFacts.ReadAsync(path, cancellation);
        WarnWhenBusy(machine);
        var results = new List<ScenarioResult>();
        foreach (var scenario in chosen)
        {
            var context = new ScenarioContext
            {
                Quick = parsed.GetValue(quick),
                Functions = parsed.GetValue(functions),
                Events = parsed.GetValue(events),
                Kills = parsed.GetValue(kills),
                Seeds = parsed.GetValue(seeds),
                Program = path,
                CacheFolder = CacheFolder(),
                WorkFolder = work,
                PlotFolder = parsed.GetValue(plots) is { } folder ? Directory.CreateDirectory(folder).FullName : null,
                Progress = text => errors.WriteLine($"{scenario.Name}: {text}"),
            };
            results.Add(await MeasureAsync(scenario, context, cancellation));
        }

        if (parsed.GetValue(json))
        {
            JsonReport.Write(output, machine, results);
        }
        else
        {
            TableReport.Write(output, !Console.IsOutputRedirected, machine, results);
        }

        if (parsed.GetValue(save))
        {
            Save(machine, results);
        }

        return results.Exists(result => result.Failure is not null) ? Failed : 0;
    }

    private void WarnWhenBusy(MachineFacts machine)
    {
        if (machine.LoadAverage > machine.Cores / 2.0)
        {
            errors.WriteLine(
                $"note: the machine is busy (load {machine.LoadAverage:0.0} on {machine.Cores} cores), where a server "
                + "of many processes gets more than its share: judge by the processor time per request.");
        }
    }

    private static async Task<ScenarioResult> MeasureAsync(
        Scenario scenario, ScenarioContext context, CancellationToken cancellation)
    {
        try
        {
            var measurements = await scenario.RunAsync(context, cancellation);
            return new ScenarioResult(scenario.Name, TimeProvider.System.GetUtcNow(), context.Quick, measurements);
        }
        catch (BenchFailureException failure)
        {
            // The other scenarios are still worth measuring.
            var hint = failure.Hint is null ? "" : $" {failure.Hint}";
            context.Progress($"not measured: {failure.Message}{hint}");
            return new ScenarioResult(scenario.Name, TimeProvider.System.GetUtcNow(), context.Quick, [])
            {
                Failure = failure.Message + hint,
            };
        }
    }

    private void Save(MachineFacts machine, IReadOnlyList<ScenarioResult> results)
    {
        var path = Path.Combine(LambentProgram.RepositoryFolder() ?? "", "bench", "RESULTS.md");
        var current = File.Exists(path) ? File.ReadAllText(path) : "";
        File.WriteAllText(path, ResultsFile.Update(current, machine, results));
        errors.WriteLine($"saved to {path}");
    }

    private void WriteList()
    {
        foreach (var scenario in ScenarioTable.All)
        {
            output.WriteLine($"{scenario.Name,-11} {scenario.Summary}");
        }

    }

    private void Report(BenchFailureException failure, bool asJson)
    {
        if (asJson)
        {
            JsonReport.WriteFailure(output, failure);
        }

        errors.WriteLine($"error: {failure.Message}");
        if (failure.Hint is { } hint)
        {
            errors.WriteLine($"  {hint}");
        }
    }

    /// <summary>Outside the clone, as the standard for caches says.</summary>
    private static string CacheFolder()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Directory.CreateDirectory(Path.Combine(root, "lambent", "bench")).FullName;
    }
}
