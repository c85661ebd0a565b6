using Lambent.Load.Deploying;
using Lambent.Load.Measures;
using Lambent.Load.Processes;

namespace Lambent.Load.Scenarios;

/// <summary>A runtime to measure cold, and what it is measured against.</summary>
/// <param name="Language">Name in the table.</param>
/// <param name="Runtime">Identifier in the API.</param>
/// <param name="Handler">As the API wants it.</param>
/// <param name="Package">Zip.</param>
/// <param name="FloorCommand">Starts the same runtime bare, does nothing, ends.</param>
/// <param name="FloorName">That command as people write it.</param>
/// <param name="Target">What the ratio should be.</param>
internal sealed record ColdSubject(
    string Language,
    string Runtime,
    string Handler,
    byte[] Package,
    IReadOnlyList<string> FloorCommand,
    string FloorName,
    Target Target);

/// <summary>The runtimes of the cold scenario, as far as they are installed here.</summary>
internal static class ColdSubjects
{
    public static async Task<IReadOnlyList<ColdSubject>> PrepareAsync(
        ScenarioContext context, CancellationToken cancellation)
    {
        var subjects = new List<ColdSubject>
        {
            new(
                "node",
                await InstalledRuntime.NodeAsync(cancellation),
                "hello.handler",
                FunctionPackage.ZipEmbedded("node/hello.mjs"),
                ["node", "-e", "0"],
                "node -e 0",
                Targets.ColdPooled),
        };
        if (File.Exists(InstalledRuntime.SystemPython))
        {
            subjects.Add(new(
                "python",
                await InstalledRuntime.PythonAsync(cancellation),
                "hello.handler",
                FunctionPackage.ZipEmbedded("python/hello.py"),
                [InstalledRuntime.SystemPython, "-c", "0"],
                "python3 -c 0",
                Targets.ColdPooled));
            subjects.Add(CustomRuntime(context));
        }

        if (await DotnetAsync(context, cancellation) is { } dotnet)
        {
            subjects.Add(dotnet);
        }

        return subjects;
    }

    private static ColdSubject CustomRuntime(ScenarioContext context)
    {
        var folder = context.Folder("bootstrap");
        EmbeddedProgram.Write(folder, "custom/bootstrap");
        return new(
            "custom",
            "provided.al2023",
            "bootstrap",
            FunctionPackage.ZipEmbedded("custom/bootstrap"),
            [InstalledRuntime.SystemPython, Path.Combine(folder, "bootstrap"), "--start-only"],
            "the bootstrap alone",
            Targets.ColdOther);
    }

    /// <summary>Built once with the SDK and kept; null where there is no SDK.</summary>
    private static async Task<ColdSubject?> DotnetAsync(ScenarioContext context, CancellationToken cancellation)
    {
        if (ProgramPath.Find("dotnet") is null)
        {
            context.Progress("dotnet is left out: there is no .NET SDK on PATH");
            return null;
        }

        var source = Path.Combine(context.CacheFolder, "dotnet-function");
        var output = Path.Combine(source, "out");
        EmbeddedProgram.Write(source, "dotnet/Hello.csproj", "dotnet/Hello.cs");
        await ChildProcess.RunAsync(
            "dotnet",
            ["build", "Hello.csproj", "-c", "Release", "-o", output, "--nologo", "-v", "q"],
            cancellation,
            source);
        string[] names = ["Hello.dll", "Hello.deps.json", "Hello.runtimeconfig.json"];
        var files = names.Select(name => (name, File.ReadAllBytes(Path.Combine(output, name)))).ToArray();
        return new(
            "dotnet",
            "dotnet10",
            "Hello::Hello.Function::Handle",
            FunctionPackage.Zip(files),
            ["dotnet", Path.Combine(output, "Hello.dll")],
            "dotnet Hello.dll",
            Targets.ColdOther);
    }
}
