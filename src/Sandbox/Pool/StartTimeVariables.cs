using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// What a process can only be given when it starts: variables that the interpreter or the system's loader reads before
/// the shim runs. A function that has some cannot use an environment that was started ahead.
/// </summary>
internal static class StartTimeVariables
{
    private static readonly string[] Prefixes =
    [
        "NODE_", "UV_", "PYTHON", "DOTNET_", "COMPlus_", "CORECLR_", "LD_", "MALLOC_", "GLIBC_", "OPENSSL_",
        "SSL_CERT_",
    ];

    /// <summary>Those that the shims bring about later.</summary>
    private static readonly string[] Later = ["NODE_PATH", "PYTHONPATH"];

    /// <param name="code">The host's folder with the code.</param>
    /// <param name="layers">The host's folder with the layers, or null.</param>
    /// <returns>
    /// Null when the process can start without knowing the function; the path of libraries goes without saying.
    /// </returns>
    public static IReadOnlyDictionary<string, string>? Of(
        EnvironmentSpecification specification, string code, string? layers)
    {
        Dictionary<string, string>? needed = null;
        foreach (var (name, value) in specification.Variables)
        {
            if (!Later.Contains(name) && Array.Exists(
                Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                (needed ??= new(StringComparer.Ordinal))[name] = value;
            }
        }

        // The loader looks at its path once: at the start, when the folders of a generic environment are still empty.
        return needed is null
            && (HasLibraries(code) || HasLibraries(Path.Combine(code, "lib"))
                || (layers is not null && HasLibraries(Path.Combine(layers, "lib"))))
            ? new Dictionary<string, string>()
            : needed;
    }

    private static bool HasLibraries(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.so*").Any();
}
