namespace Lambent.Sandbox.Interpreters;

/// <summary>Where version managers keep the interpreters that they have installed.</summary>
internal static class InstalledVersions
{
    /// <summary>The manager's folder: a variable that moves it, and its usual place below the home folder.</summary>
    private static readonly (string Variable, string Usual, string Versions, string Programs)[] Managers =
    [
        ("PYENV_ROOT", ".pyenv", "versions", "bin"),
        ("NVM_DIR", ".nvm", "versions/node", "bin"),
        ("FNM_DIR", ".local/share/fnm", "node-versions", "installation/bin"),
        ("ASDF_DATA_DIR", ".asdf", "installs/nodejs", "bin"),
        ("ASDF_DATA_DIR", ".asdf", "installs/python", "bin"),
        ("MISE_DATA_DIR", ".local/share/mise", "installs/node", "bin"),
        ("MISE_DATA_DIR", ".local/share/mise", "installs/python", "bin"),
        ("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", "", "bin"),
    ];

    /// <summary>Every folder with programs, of every installed version, newest names first.</summary>
    public static IEnumerable<string> Folders(Func<string, string?> variable)
    {
        if (variable("HOME") is not { Length: > 0 } home)
        {
            yield break;
        }

        foreach (var (name, usual, versions, programs) in Managers)
        {
            var root = variable(name) is { Length: > 0 } moved ? moved : Path.Combine(home, usual);
            foreach (var version in Installed(Path.Combine(root, versions)))
            {
                yield return Path.Combine(version, programs);
            }
        }

        // Microsoft's install script keeps all versions under one program.
        yield return variable("DOTNET_INSTALL_DIR") is { Length: > 0 } dotnet ? dotnet : Path.Combine(home, ".dotnet");
    }

    private static string[] Installed(string folder)
    {
        try
        {
            return [.. Directory.GetDirectories(folder).OrderDescending(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
