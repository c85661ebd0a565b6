using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;

namespace Lambent.Server.Diagnostics;

/// <summary>What the sandbox can do here, tried out and not guessed: one sandbox is started and ended.</summary>
internal static class SandboxFindings
{
    /// <summary>Languages and the package that brings one where it is missing.</summary>
    private static readonly (string Language, string Install)[] Languages =
    [
        ("node", "sudo apt-get install nodejs"),
        ("python", "sudo apt-get install python3"),
        ("dotnet", "sudo apt-get install dotnet-sdk-10.0"),
    ];

    public static async Task<IReadOnlyList<Finding>> IsolationAsync(TimeProvider time)
    {
        var warnings = new List<string>();
        try
        {
            await using var host = await SandboxHost.StartAsync(
                new SandboxHostOptions { Time = time, Warn = warnings.Add });
            var failure = await host.Drivers.NamespaceFailureAsync();
            return
            [
                failure is null
                    ? new Finding("isolation", FindingStatus.Good, "namespaces work: functions are kept apart")
                    : new Finding(
                        "isolation", FindingStatus.Warning,
                        $"functions run as plain processes, which does not keep them apart: {failure}",
                        File.Exists("/usr/bin/bwrap") ? null : "sudo apt-get install bubblewrap"),
                .. warnings.Select(warning => new Finding("sandbox", FindingStatus.Warning, warning)),
            ];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [new Finding("isolation", FindingStatus.Bad, $"sandboxes cannot be made: {refused.Message}")];
        }
    }

    public static IEnumerable<Finding> Runtimes(string runtimesFolder)
    {
        var catalog = new InterpreterCatalog(runtimesFolder);
        foreach (var (language, install) in Languages)
        {
            if (!Directory.Exists(Path.Combine(runtimesFolder, language)))
            {
                yield return new Finding(
                    language, FindingStatus.Bad,
                    $"{Path.Combine(runtimesFolder, language)} is missing from the installation");
                continue;
            }

            var versions = catalog.Installed(language).Select(interpreter => interpreter.Version).Distinct().ToList();
            yield return versions.Count > 0
                ? new Finding(language, FindingStatus.Good, string.Join(", ", versions))
                : new Finding(
                    language, FindingStatus.Warning, "is not installed; functions that need it are refused", install);
        }
    }
}
