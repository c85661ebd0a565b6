namespace Lambent.EndToEnd.Servers;

/// <summary>Where the program under test and the tests' own files are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The built program: the launcher's build, otherwise the one that the tests' build made.</summary>
    public static string Program { get; } = FindProgram();

    /// <summary>A function's source below tests/EndToEnd/functions.</summary>
    public static string Function(string path) => Path.Combine(Root, "tests/EndToEnd/functions", path);

    /// <summary>A client's script below tests/EndToEnd/clients.</summary>
    public static string Client(string path) => Path.Combine(Root, "tests/EndToEnd/clients", path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lambent.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} is the repository.");
    }

    /// <summary>Of the two builds the newer one, so that a test never judges last week's program.</summary>
    private static string FindProgram() => new[] { "Release", "Debug" }
        .Select(configuration => Path.Combine(Root, "src/Cli/bin", configuration, "net10.0/lambent"))
        .Where(File.Exists)
        .OrderByDescending(program => File.GetLastWriteTimeUtc(program + ".dll"))
        .FirstOrDefault()
        ?? throw new InvalidOperationException("The program is not built: dotnet build src/Cli");
}
