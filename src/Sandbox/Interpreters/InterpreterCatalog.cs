using System.Collections.Concurrent;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Functions;

namespace Lambent.Sandbox.Interpreters;

/// <summary>
/// What this machine has for each runtime. A language is looked for once, when the first function needs it, and what
/// was found is kept for the life of the server. The operator chooses with LAMBENT_NODE, LAMBENT_PYTHON and
/// LAMBENT_DOTNET.
/// </summary>
public sealed class InterpreterCatalog
{
    private readonly string runtimesFolder;
    private readonly Dictionary<string, Lazy<IReadOnlyList<Interpreter>>> found;
    private readonly ConcurrentDictionary<string, Lazy<bool>> prepared = new(StringComparer.Ordinal);

    /// <param name="runtimesFolder">Holds node/, python/ and dotnet/, the shims.</param>
    public InterpreterCatalog(string runtimesFolder)
    {
        this.runtimesFolder = Path.GetFullPath(runtimesFolder);
        found = new Dictionary<string, Lazy<IReadOnlyList<Interpreter>>>(StringComparer.Ordinal)
        {
            ["node"] = new(FindNode),
            ["python"] = new(FindPython),
            ["dotnet"] = new(FindDotnet),
            ["custom"] = new([new Interpreter { Version = "", Program = "" }]),
        };
    }

    /// <summary>Every interpreter of a language: node, python, dotnet.</summary>
    public IReadOnlyList<Interpreter> Installed(string language) => found[language].Value;

    /// <summary>The interpreter for a runtime, or RuntimeMissing, saying what is there instead.</summary>
    public Result<Interpreter> Find(RuntimeDefinition runtime)
    {
        if (Match(runtime) is { } match)
        {
            _ = prepared.GetOrAdd(match.Program, _ => new Lazy<bool>(() => Prepare(runtime, match))).Value;
            return match;
        }

        return Missing(runtime);
    }

    /// <summary>Why the runtime cannot be used here, or null when it can.</summary>
    public Error? Check(RuntimeDefinition runtime) => Match(runtime) is null ? Missing(runtime) : null;

    /// <summary>Why an interpreter that was found here cannot be started any more, or null when it can.</summary>
    public static Error? CheckPresent(RuntimeDefinition runtime, Interpreter interpreter) =>
        interpreter.Program.Length == 0 || File.Exists(interpreter.Program)
            ? null
            : new Error(
                ErrorCode.RuntimeMissing,
                $"The interpreter of {runtime.Name} was {interpreter.Program} when the server looked for it, and is "
                + "there no more. Install it again, or start the server anew to look for another one.",
                "Runtime");

    private Interpreter? Match(RuntimeDefinition runtime) => found[runtime.Language].Value.FirstOrDefault(
        interpreter => Fits(interpreter.Version, runtime.LanguageVersion));

    private Error Missing(RuntimeDefinition runtime)
    {
        var installed = found[runtime.Language].Value;
        var available = Runtimes.All.Values
            .Where(other => found[other.Language].Value.Any(known => Fits(known.Version, other.LanguageVersion)))
            .Select(other => other.Name);
        return new Error(
            ErrorCode.RuntimeMissing,
            $"The runtime {runtime.Name} needs {runtime.Language} {runtime.LanguageVersion}, "
            + "which is not installed here"
            + (installed.Count == 0 ? "" : $" (found {string.Join(", ", installed.Select(known => known.Version))})")
            + $". Available: {string.Join(", ", available)}.",
            "Runtime");
    }

    private static bool Fits(string version, string? wanted) =>
        wanted is null || version == wanted || version.StartsWith(wanted + ".", StringComparison.Ordinal);

    /// <summary>Work that is done once for an interpreter that is used, and not for all that are there.</summary>
    private bool Prepare(RuntimeDefinition runtime, Interpreter interpreter) =>
        // The shim's folder is read-only inside: without this every environment would compile it again. Where it cannot
        // be written here either, they do.
        runtime.Language != "python"
        || InterpreterProbe.Run(
            interpreter.Program, "-m", "compileall", "-q", Path.Combine(runtimesFolder, "python")) is not null;

    private List<Interpreter> FindNode()
    {
        var shim = Path.Combine(runtimesFolder, "node");
        List<Interpreter> interpreters = [];
        foreach (var candidate in Candidates("LAMBENT_NODE", "node", "nodejs"))
        {
            if (InterpreterProbe.Run(candidate, "-p", "process.versions.node + ' ' + process.execPath") is { } text
                && text.Split(' ', 2) is [var version, var program]
                && IsNew(interpreters, program))
            {
                interpreters.Add(new Interpreter
                {
                    Version = version,
                    Program = program,
                    Command = [program, Path.Combine(shim, "bootstrap.cjs")],
                    MemoryOptions = NodeMemoryOptions,
                    ReadOnlyFolders = [shim, .. OutsideSystem(Path.GetDirectoryName(program)!)],
                });
            }
        }

        return interpreters;
    }

    private List<Interpreter> FindPython()
    {
        const string Question =
            "import os, sys; print('%d.%d.%d\\n%s\\n%s' "
            + "% (*sys.version_info[:3], os.path.realpath(sys.executable), sys.base_prefix))";
        var shim = Path.Combine(runtimesFolder, "python");
        string[] names = ["python3", .. Runtimes.All.Values
            .Where(runtime => runtime.Language == "python")
            .Select(runtime => $"python{runtime.LanguageVersion}")];
        List<Interpreter> interpreters = [];
        foreach (var candidate in Candidates("LAMBENT_PYTHON", names))
        {
            if (InterpreterProbe.Run(candidate, "-I", "-c", Question) is { } text
                && text.Split('\n') is [var version, var program, var prefix]
                && IsNew(interpreters, program))
            {
                interpreters.Add(new Interpreter
                {
                    Version = version,
                    Program = program,
                    Command = [program, Path.Combine(shim, "bootstrap.py")],
                    Variables = new Dictionary<string, string> { ["PYTHONDONTWRITEBYTECODE"] = "1" },
                    ReadOnlyFolders = [shim, .. OutsideSystem(prefix)],
                });
            }
        }

        return interpreters;
    }

    private List<Interpreter> FindDotnet()
    {
        var shim = Path.Combine(runtimesFolder, "dotnet");
        List<Interpreter> interpreters = [];
        foreach (var candidate in Candidates("LAMBENT_DOTNET", "dotnet"))
        {
            var lines = InterpreterProbe.Run(candidate, "--list-runtimes")?.Split('\n') ?? [];
            var program = new FileInfo(candidate).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? candidate;
            if (!IsNew(interpreters, program))
            {
                continue;
            }

            foreach (
                var line in lines.Where(line => line.StartsWith("Microsoft.NETCore.App ", StringComparison.Ordinal)))
            {
                interpreters.Add(new Interpreter
                {
                    Version = line.Split(' ')[1],
                    Program = program,
                    Command = [program, Path.Combine(shim, "Lambent.Runtime.Dotnet.dll")],
                    Variables = DotnetVariables(program),
                    MemoryVariables = DotnetMemoryVariables,
                    ReadOnlyFolders = [shim, .. OutsideSystem(Path.GetDirectoryName(program)!)],
                });
            }
        }

        return interpreters;
    }

    /// <summary>The shares that AWS Lambda gives to the old and the young generation.</summary>
    private static IReadOnlyList<string> NodeMemoryOptions(int megabytes) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"--max-old-space-size={megabytes * 90 / 100}"),
        string.Create(CultureInfo.InvariantCulture, $"--max-semi-space-size={Math.Max(1, megabytes * 5 / 100)}"),
    ];

    /// <summary>Three quarters for the heap, as .NET takes in a container whose size it can see.</summary>
    private static IEnumerable<KeyValuePair<string, string>> DotnetMemoryVariables(int megabytes) =>
        [new("DOTNET_GCHeapHardLimit", (megabytes * 1024L * 1024 / 4 * 3).ToString("x", CultureInfo.InvariantCulture))];

    /// <summary>For one small process that is to start quickly and to share a machine with many.</summary>
    private static Dictionary<string, string> DotnetVariables(string program) => new()
    {
        ["DOTNET_ROOT"] = Path.GetDirectoryName(program)!,
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["HOME"] = "/tmp",
    };

    private static IEnumerable<string> Candidates(string variable, params string[] names) =>
        InterpreterProbe.Candidates(Environment.GetEnvironmentVariable(variable), names);

    private static bool IsNew(List<Interpreter> known, string program) =>
        known.TrueForAll(interpreter => interpreter.Program != program);

    /// <summary>The sandbox shows /usr, /lib and /bin anyway; an interpreter elsewhere brings its folder.</summary>
    private static IEnumerable<string> OutsideSystem(string folder) =>
        folder.StartsWith("/usr/", StringComparison.Ordinal) || folder is "/usr" or "/bin" ? [] : [folder];
}
