namespace Lambent.Load.Processes;

/// <summary>The runtime identifiers of what is installed here, and the bare start of each.</summary>
internal static class InstalledRuntime
{
    /// <summary>Debian's own; the one on PATH may be a version manager's slow shim.</summary>
    public const string SystemPython = "/usr/bin/python3";

    /// <summary>nodejs20.x and so on.</summary>
    public static async Task<string> NodeAsync(CancellationToken cancellation)
    {
        var version = await ChildProcess.RunAsync("node", ["--version"], cancellation);
        return $"nodejs{version.Trim().TrimStart('v').Split('.')[0]}.x";
    }

    /// <summary>python3.11 and so on.</summary>
    public static async Task<string> PythonAsync(CancellationToken cancellation)
    {
        var version = await ChildProcess.RunAsync(SystemPython, ["--version"], cancellation);
        var parts = version.Trim().Split(' ')[1].Split('.');
        return $"python{parts[0]}.{parts[1]}";
    }
}
