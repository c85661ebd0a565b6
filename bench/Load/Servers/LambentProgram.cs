namespace Lambent.Load.Servers;

/// <summary>Where the built product is.</summary>
internal static class LambentProgram
{
    private const string Solution = "Lambent.slnx";
    private const string Built = "src/Cli/bin/Release/net10.0/lambent";

    /// <summary>The folder of the clone this program was built in, or null.</summary>
    public static string? RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    /// <summary>The program to measure.</summary>
    /// <param name="chosen">What the operator named, or null for the clone's own build.</param>
    public static string Find(string? chosen)
    {
        var path = chosen ?? Path.Combine(RepositoryFolder() ?? "", Built);
        return File.Exists(path)
            ? Path.GetFullPath(path)
            : throw new BenchFailureException(
                $"There is no program at {path}.",
                "Build it: dotnet build -c Release src/Cli/Cli.csproj, or name one: --program PATH");
    }
}
