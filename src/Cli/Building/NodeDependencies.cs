using System.Runtime.InteropServices;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Packaging;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Building;

/// <summary>
/// Brings the npm packages that package.json names. The person's own node_modules is used when it is complete, and
/// never changed; otherwise npm installs into the cache, without development packages.
/// </summary>
internal static class NodeDependencies
{
    private const string Modules = "node_modules";

    private static readonly string[] LockFiles = ["package-lock.json", "npm-shrinkwrap.json"];

    public static async Task<PackageContent> AddAsync(
        PackageContent content, string folder, string runtime, CommandContext context, CancellationToken cancellation)
    {
        var manifest = NodeManifest.Of(content);
        if (manifest.Dependencies.Count == 0 || IsInstalled(folder, manifest))
        {
            return content;
        }

        RefuseLocal(manifest, folder);
        var lockFile = LockFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        var key = DependencyCache.KeyOf(
            runtime,
            RuntimeInformation.OSArchitecture.ToString(),
            string.Join('\n', manifest.Dependencies.OrderBy(dependency => dependency.Key, StringComparer.Ordinal)),
            lockFile is null ? "" : await File.ReadAllTextAsync(lockFile, cancellation));
        var cache = new DependencyCache(Path.Combine(context.Environment.CacheFolder, "npm"), context.Environment.Time);
        var packages = Quantity.Count(manifest.Dependencies.Count, "dependency")
            .Replace("ys", "ies", StringComparison.Ordinal);
        var (installed, isNew) = await cache.GetAsync(key, async draft =>
            await Progress.DuringAsync(context, $"Installing {packages}", async () =>
            {
                await InstallAsync(context.Environment, folder, lockFile, draft, cancellation);
                return true;
            }));
        context.Note($"  dependencies  {packages} {(isNew ? "installed" : "from the cache")}"
            + (lockFile is null ? "; without package-lock.json, so what was installed first is kept" : ""));
        // In the cache everything is wanted, what is never meant excepted.
        var modules = FolderReader.Read(installed, IgnoreRules.Standard).Entries
            .Where(file => file.Path.StartsWith(Modules + "/", StringComparison.Ordinal));
        return content.Without(Modules).With(modules);
    }

    private static bool IsInstalled(string folder, NodeManifest manifest)
    {
        var modules = Path.Combine(folder, Modules);
        if (manifest.Dependencies.Keys.Any(name => !Directory.Exists(Path.Combine(modules, name))))
        {
            return false;
        }

        // npm writes the hidden lock last; a lock file that is newer was changed after the install.
        var hidden = Path.Combine(modules, ".package-lock.json");
        return !File.Exists(hidden) || LockFiles
            .Select(name => Path.Combine(folder, name))
            .Where(File.Exists)
            .All(lockFile => File.GetLastWriteTimeUtc(lockFile) <= File.GetLastWriteTimeUtc(hidden));
    }

    /// <summary>Packages in folders beside this one are installed as links, which lead out of the package.</summary>
    private static void RefuseLocal(NodeManifest manifest, string folder)
    {
        var local = manifest.Dependencies.FirstOrDefault(dependency =>
            dependency.Value.StartsWith("file:", StringComparison.Ordinal)
            || dependency.Value.StartsWith("link:", StringComparison.Ordinal)
            || dependency.Value.StartsWith("workspace:", StringComparison.Ordinal)
            || dependency.Value is ['.' or '/', ..]);
        if (local.Key is not null)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.DependenciesMissing,
                $"The dependency {local.Key} is a folder on this machine ({local.Value}) and is not installed here.",
                $"(cd {folder} && npm install --omit=dev --install-links)");
        }
    }

    private static async Task InstallAsync(
        ProcessEnvironment environment, string folder, string? lockFile, string draft, CancellationToken cancellation)
    {
        foreach (var name in LockFiles.Append(NodeManifest.FileName).Append(".npmrc"))
        {
            var source = Path.Combine(folder, name);
            if (File.Exists(source))
            {
                File.Copy(source, Path.Combine(draft, name));
            }
        }

        string[] command = lockFile is null ? ["install", "--no-package-lock"] : ["ci"];
        await new ToolRun(
            environment, "npm", [.. command, "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"], draft)
        {
            InstallHint = "sudo apt-get install npm",
            FailureHint = $"(cd {folder} && npm install --omit=dev), then deploy again",
        }.RunAsync(cancellation);
        Directory.CreateDirectory(Path.Combine(draft, Modules));
        // It may hold a registry's password.
        File.Delete(Path.Combine(draft, ".npmrc"));
    }
}
