using System.Security.Cryptography;

namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>
/// The AWS SDK for JavaScript, installed once for a lock file into the user's cache, so that a run of the tests asks
/// the registry only when the versions change.
/// </summary>
internal static class NodeModules
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(4);
    private static Task<string>? installed;

    /// <summary>The folder that has package.json and node_modules. Skips the test where npm is missing.</summary>
    public static Task<string> FolderAsync()
    {
        ToolRun.Require("/usr/bin/node", "nodejs");
        ToolRun.Require("/usr/bin/npm", "npm");
        return installed ??= InstallAsync();
    }

    private static async Task<string> InstallAsync()
    {
        var lockFile = await File.ReadAllBytesAsync(Repository.Client("node/package-lock.json"));
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Path.Combine(
            home, ".cache/lambent/tests", Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16]);
        if (File.Exists(Path.Combine(folder, "installed")))
        {
            return folder;
        }

        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Repository.Client($"node/{name}"), Path.Combine(folder, name), overwrite: true);
        }

        var install = await ToolRun.RunAsync(
            "/usr/bin/npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder: folder, limit: InstallLimit);
        install.ExitCode.ShouldBe(0, install.Everything);
        await File.WriteAllTextAsync(Path.Combine(folder, "installed"), "");
        return folder;
    }
}
