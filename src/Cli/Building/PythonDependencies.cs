using System.Buffers;
using System.Runtime.InteropServices;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Packaging;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Building;

/// <summary>
/// Brings the packages that requirements.txt names: those vendored in the folder as they are, the others by pip, into
/// the cache. A function finds packages beside its own files, so everything lands in the root of the package.
/// </summary>
internal static class PythonDependencies
{
    private const string Requirements = "requirements.txt";

    /// <summary>Folders in which people vendor; their content moves to the root.</summary>
    private static readonly string[] VendorFolders = ["vendor", "site-packages"];

    /// <summary>What may follow a package's name: versions, extras, markers, an address.</summary>
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" <>=!~[;@\t");

    public static async Task<PackageContent> AddAsync(
        PackageContent content, string runtime, CommandContext context, CancellationToken cancellation)
    {
        content = Flatten(content);
        if (!content.Has(Requirements))
        {
            return content;
        }

        var text = content.ReadText(Requirements);
        var missing = Missing(content, text);
        if (missing.Count == 0)
        {
            return content;
        }

        var key = DependencyCache.KeyOf(runtime, RuntimeInformation.OSArchitecture.ToString(), text);
        var cache = new DependencyCache(Path.Combine(context.Environment.CacheFolder, "pip"), context.Environment.Time);
        var packages = Quantity.Count(missing.Count, "package");
        var (installed, isNew) = await cache.GetAsync(key, async draft =>
            await Progress.DuringAsync(context, $"Installing {packages}", async () =>
            {
                await InstallAsync(context.Environment, text, missing, runtime, draft, cancellation);
                return true;
            }));
        context.Note($"  dependencies  {packages} {(isNew ? "installed" : "from the cache")}");
        // What the folder has itself wins: it may be a patched copy.
        return FolderReader.Read(installed, IgnoreRules.Standard).With(content.Entries);
    }

    /// <summary>
    /// Names in a requirements file of which the package has neither a folder, nor a module, nor metadata.
    /// </summary>
    internal static IReadOnlyList<string> Missing(IPackageTree content, string requirements)
    {
        var present = content.Files
            .Select(file => file.Split('/')[0])
            .Select(top => Normalize(top.Split('-')[0].Replace(".py", "", StringComparison.Ordinal)))
            .ToHashSet(StringComparer.Ordinal);
        return [.. requirements.Split('\n')
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0 && line[0] != '-')
            .Select(line => line[..LengthOfName(line)])
            .Where(name => !present.Contains(Normalize(name)))];
    }

    private static PackageContent Flatten(PackageContent content)
    {
        foreach (var vendor in VendorFolders)
        {
            var prefix = vendor + "/";
            var vendored = content.Entries
                .Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal))
                .Select(file => file with { Path = file.Path[prefix.Length..] })
                .ToList();
            if (vendored.Count > 0 && !content.Has($"{vendor}/__init__.py"))
            {
                content = new PackageContent(vendored).With(content.Without(vendor).Entries);
            }
        }

        return content;
    }

    private static async Task InstallAsync(
        ProcessEnvironment environment, string requirements, IReadOnlyList<string> missing, string runtime,
        string draft, CancellationToken cancellation)
    {
        var python = await FindPythonAsync(environment, runtime, draft, cancellation);
        var vendor = $"vendor {string.Join(", ", missing)} where there is pip: "
            + $"{runtime} -m pip install --target vendor -r {Requirements}";
        if (python is null)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.DependenciesMissing,
                $"{Requirements} names {string.Join(", ", missing)}, which the folder does not have, "
                    + "and there is no pip "
                    + "to install them with.",
                vendor);
        }

        var file = Path.Combine(draft, Requirements);
        await File.WriteAllTextAsync(file, requirements, cancellation);
        await new ToolRun(
            environment,
            python,
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-input",
                "--target", draft, "-r", file],
            draft)
        {
            InstallHint = "sudo apt-get install python3-pip",
            FailureHint = vendor,
        }.RunAsync(cancellation);
        File.Delete(file);
    }

    /// <summary>
    /// The interpreter of the runtime's own version with pip, or the usual one, because most wheels fit both.
    /// </summary>
    private static async Task<string?> FindPythonAsync(
        ProcessEnvironment environment, string runtime, string folder, CancellationToken cancellation)
    {
        foreach (var candidate in new[] { runtime, "/usr/bin/python3", "python3" })
        {
            var probe = new ToolRun(environment, candidate, ["-m", "pip", "--version"], folder)
            {
                InstallHint = "sudo apt-get install python3-pip",
            };
            if (await probe.WorksAsync(cancellation))
            {
                return candidate;
            }
        }

        return null;
    }

    private static int LengthOfName(string line)
    {
        var end = line.AsSpan().IndexOfAny(NameEnds);
        return end < 0 ? line.Length : end;
    }

    /// <summary>Names are the same whatever the case and the kind of dash.</summary>
    private static string Normalize(string name) =>
        name.ToLowerInvariant().Replace('-', '_').Replace('.', '_');
}
