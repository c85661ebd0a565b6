namespace Lambent.Cli.Serving;

/// <summary>Where the program's own files are.</summary>
internal static class InstalledFolders
{
    /// <summary>The shims that run inside environments.</summary>
    public static string Runtimes { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes");

    /// <summary>
    /// The samples: beside the program, or in the clone the launcher runs from; null when there are none.
    /// </summary>
    public static string? Samples(string? launcherFolder) =>
        new[] { AppContext.BaseDirectory, launcherFolder }
            .Where(folder => folder is not null)
            .Select(folder => Path.Combine(folder!, "samples"))
            .FirstOrDefault(Directory.Exists);
}
