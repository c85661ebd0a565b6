namespace Lambent.Tidy.Tables;

/// <summary>What one project may reference.</summary>
/// <param name="Path">The project file, or a pattern with * for any text.</param>
/// <param name="Projects">Project files or patterns.</param>
/// <param name="Packages">Names of packages.</param>
internal sealed record ProjectRow(string Path, string[] Projects, string[] Packages)
{
    public bool IsPattern => Path.Contains('*');

    public bool IsFor(string path) => Matches(Path, path);

    public static bool Matches(string pattern, string path) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false);
}

/// <summary>
/// The direction of dependencies. A project exists to forbid something, to ship, or to hold something dangerous; a new
/// reference is a change of this table, where it is seen. ARCHITECTURE.md says why each row is as it is.
/// </summary>
internal static class ProjectTable
{
    private const string Kernel = "src/Kernel/Kernel.csproj";
    private const string Protocol = "src/Protocol/Protocol.csproj";
    private const string Storage = "src/Storage/Storage.csproj";
    private const string Sandbox = "src/Sandbox/Sandbox.csproj";
    private const string Server = "src/Server/Server.csproj";

    private static readonly string[] None = [];

    /// <summary>The first row that fits a project is its row.</summary>
    public static IReadOnlyList<ProjectRow> Rows { get; } =
    [
        new(Kernel, None, None),
        new(Protocol, None, None),
        new(Storage, [Kernel], ["SQLitePCLRaw.core", "SQLitePCLRaw.provider.e_sqlite3"]),
        new(Sandbox, [Kernel, Protocol], None),
        new(Server, [Kernel, Protocol, Storage, Sandbox], None),

        // The shim of .NET is built and copied beside the program; nothing of it is referenced.
        new("src/Cli/Cli.csproj", [Protocol, Server, "runtimes/dotnet/*"], ["System.CommandLine", "Spectre.Console"]),
        new("src/Sdk/Sdk.csproj", None, None),

        // What runs inside an environment stands alone: it shares source with Protocol, not an assembly.
        new("runtimes/tests/*", ["runtimes/tests/*", "src/Sdk/Sdk.csproj"], None),
        new("runtimes/*.csproj", None, None),

        // The bench measures from outside, over HTTP, as a user would, and replays the kernel's
        // policies on generated days. Micro benchmarks look inside.
        new("bench/Load/Programs/*", None, None),
        new("bench/Load/*.csproj", [Protocol, Kernel], ["System.CommandLine", "Spectre.Console"]),
        new("bench/Micro/*.csproj", ["src/*"], ["BenchmarkDotNet"]),

        new("tests/EndToEnd/functions/*", ["src/Sdk/Sdk.csproj"], None),
        new("tests/Tidy/Tidy.csproj", None, ["xunit.v3", "Shouldly"]),
        new("tests/Storage.Tests/*", ["src/*", "tests/*"], ["xunit.v3", "Shouldly", "SQLitePCLRaw.core"]),
        new("tests/*", ["src/*", "tests/*", "runtimes/*", "bench/*"], ["xunit.v3", "Shouldly"]),

        // A sample is what its reader would write: nothing of ours but the Sdk.
        new("samples/*", ["src/Sdk/Sdk.csproj"], None),
    ];
}
