namespace Lambent.Cli.Commands;

/// <summary>What a verb reads of the process it runs in; tests give their own.</summary>
/// <param name="Variable">An environment variable, or null; an empty one counts as absent.</param>
/// <param name="CurrentFolder">Where the command was typed.</param>
/// <param name="HomeFolder">The person's home.</param>
/// <param name="Time">The clock.</param>
internal sealed record ProcessEnvironment(
    Func<string, string?> Variable, string CurrentFolder, string HomeFolder, TimeProvider Time)
{
    public static ProcessEnvironment OfProcess() => new(
        name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
        Environment.CurrentDirectory,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        TimeProvider.System);

    /// <summary>Where built dependencies are kept between deploys.</summary>
    public string CacheFolder =>
        Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(HomeFolder, ".cache"), "lambent");

    public string FullPath(string path) => Path.GetFullPath(path, CurrentFolder);
}
