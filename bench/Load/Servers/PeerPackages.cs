using Lambent.Load.Deploying;
using Lambent.Load.Processes;

namespace Lambent.Load.Servers;

/// <summary>The peers that come from npm, installed once into a cache folder outside the clone.</summary>
internal sealed class PeerPackages
{
    private const string Manifest = "package.json";
    private readonly string folder;

    private PeerPackages(string folder) => this.folder = folder;

    /// <summary>Installs what is missing.</summary>
    /// <exception cref="BenchFailureException">npm is missing or failed: measure without these peers.</exception>
    public static async Task<PeerPackages> InstallAsync(string cacheFolder, CancellationToken cancellation)
    {
        var folder = Path.Combine(cacheFolder, "peers");
        var manifest = EmbeddedProgram.ReadText("peers/package.json");
        var installed = Path.Combine(folder, "installed.json");
        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed, cancellation) != manifest)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, Manifest), manifest, cancellation);
            await ChildProcess.RunAsync(
                "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], cancellation, folder);
            await File.WriteAllTextAsync(installed, manifest, cancellation);
        }

        return new PeerPackages(folder);
    }

    /// <summary>Where a script of ours finds them, as the variable PEER_PACKAGES.</summary>
    public string Folder => folder;

    public string FunctionsFramework => Path.Combine(folder, "node_modules", ".bin", "functions-framework");

    /// <summary>The program itself, not a script that starts it: what is signalled must be what serves.</summary>
    public string Workerd => Native("@cloudflare", "workerd");

    public string RestateServer => Native("@restatedev", "restate-server");

    private string Native(string scope, string program)
    {
        var packages = Path.Combine(folder, "node_modules", scope);
        return Directory.Exists(packages)
            && Directory.EnumerateDirectories(packages, $"{program}-*")
                .Select(package => Path.Combine(package, "bin", program))
                .FirstOrDefault(File.Exists) is { } found
            ? found
            : throw new BenchFailureException($"npm installed no {program} for this machine.");
    }
}
